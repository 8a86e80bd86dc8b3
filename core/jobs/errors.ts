/** A request about a job that cannot be carried out; the message says why and what to do. */
export class JobError extends Error {
  override readonly name: string = 'JobError';
}

/** A list may be one of people or of companies, and nobody said which. `columns`: those that look like people. */
export class KindUnclearError extends JobError {
  override readonly name = 'KindUnclearError';
  readonly columns: readonly string[];

  constructor(list: string, columns: readonly string[]) {
    super(
      `Is ${list} a list of people or of companies? No column was recognised that names a person, but ${columns
        .slice(0, 3)
        .map((column) => `"${column}"`)
        .join(
          ', ',
        )} ${columns.length === 1 ? 'looks' : 'look'} like people. Nothing was done. Map the column that names them to a field, such as name or email; or say which of both it is.`,
    );
    this.columns = columns;
  }
}
