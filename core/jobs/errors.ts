/** A request about a job that cannot be carried out; the message says why and what to do. */
export class JobError extends Error {
  override readonly name: string = 'JobError';
}

/** The columns of a list do not say who is meant, so somebody has to. `columns`: those that may. */
export class UnclearListError extends JobError {
  readonly columns: readonly string[];

  constructor(message: string, columns: readonly string[]) {
    super(message);
    this.columns = columns;
  }
}

/** A list may be one of people or of companies, and nobody said which. `columns`: those that look like people. */
export class KindUnclearError extends UnclearListError {
  override readonly name = 'KindUnclearError';

  constructor(list: string, columns: readonly string[]) {
    super(
      `Is ${list} a list of people or of companies? No column was recognised that names a person, but ${columns
        .slice(0, 3)
        .map((column) => `"${column}"`)
        .join(
          ', ',
        )} ${columns.length === 1 ? 'looks' : 'look'} like people. Nothing was done. Map the column that names them to a field, such as name or email; or say which of both it is.`,
      columns,
    );
  }
}
