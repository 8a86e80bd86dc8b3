/** Lists as files: read as a stream in whatever form they come, and written back enriched. */
export { DEFAULT_BOUNDS, type ListBounds } from './bounds.ts';
export { DELIMITERS, type Delimiter } from './csv.ts';
export {
  type EnrichedRow,
  type EnrichedSource,
  lineWriter,
  type OutputFormat,
  writeEnriched,
} from './enriched.ts';
export { LeadFileError, OutputFileError } from './errors.ts';
export {
  type LeadFile,
  type LeadFileInfo,
  type LeadFileOptions,
  type LeadFormat,
  openLeadFile,
} from './lead-file.ts';
export { safeCell } from './safe-cell.ts';
export { type LeadStreamOptions, openLeadStream } from './spool.ts';
