/**
 * What reading a list takes where there are no files, threads or Node modules: for n8n's bundle. Everything
 * here is free of them.
 */
export { DEFAULT_BOUNDS } from './bounds.ts';
export { recogniseBytes, recogniseText, refuseBinary } from './content.ts';
export { addressesInOneLine, CsvScanner, detectDialect } from './csv.ts';
export { guessEncoding } from './guess-encoding.ts';
export { columnNames, surveyTable } from './header.ts';
export { WorkbookError } from './workbook/errors.ts';
export { linkName, type WorkbookList, withLinks, workbookList } from './workbook/list.ts';
