/** A workbook that cannot be read. The message goes on from the file's name. */
export class WorkbookError extends Error {
  override readonly name = 'WorkbookError';
}

export const DAMAGED = 'is damaged. Open it in Excel, save it again and try again.';
