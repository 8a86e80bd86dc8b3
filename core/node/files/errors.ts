/**
 * A lead list that cannot be read: what is wrong with it, where (file, line), and what to do. Wrong input,
 * not a fault of the program.
 */
export class LeadFileError extends Error {
  override readonly name = 'LeadFileError';
}

export function emptyList(name: string): LeadFileError {
  return new LeadFileError(`${name} is empty. Put the leads in, below a row of column names, and try again.`);
}

/** The enriched list could not be written: where, why, and what to do. Nothing is left under its name. */
export class OutputFileError extends Error {
  override readonly name = 'OutputFileError';
}
