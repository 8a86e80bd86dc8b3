/** A request about a job that cannot be carried out; the message says why and what to do. */
export class JobError extends Error {
  override readonly name = 'JobError';
}
