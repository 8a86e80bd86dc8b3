/** The command was used in a way that cannot work. The message says what to do instead. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** Whoever was asked said no, or left the question. Nothing was done. */
export class Declined extends Error {
  override readonly name = 'Declined';
}
