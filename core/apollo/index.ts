/** Apollo: its eight operations, typed. Nothing outside this folder knows its shapes. */
export { createApollo } from './client.ts';
export * from './errors.ts';
export { parseLateResult } from './late-result.ts';
export { bestFirst } from './phones.ts';
export * from './types.ts';
export type { OnUnknownFields } from './unknown-fields.ts';
