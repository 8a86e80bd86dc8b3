import { type Job, PRESET_NAMES, PRESETS, type Preset } from '@connectionsphere/core';
import type { OutputFormat } from '@connectionsphere/core/node';
import type { ListSource } from '../../list-file.ts';

/** As what a list is given back. */
export interface ResultFormat {
  readonly format: OutputFormat;
  /** Ready for this tool: its columns, and only whom it can contact. */
  readonly preset?: Preset | undefined;
}

/** What a list comes back as unless somebody asks for something else: as it came. */
export function usualFormat({ source }: Pick<Job, 'source'>): ResultFormat {
  return { format: (source as ListSource).format === 'xlsx' ? 'xlsx' : 'csv' };
}

/** A format that people may ask for. */
interface NamedFormat extends ResultFormat {
  readonly id: string;
  /** As what the result comes. */
  readonly words: string;
}

const FILES: readonly NamedFormat[] = [
  { id: 'csv', words: 'CSV', format: 'csv' },
  { id: 'xlsx', words: 'Excel (.xlsx)', format: 'xlsx' },
];

const FOR_TOOLS: readonly NamedFormat[] = PRESETS.map((preset) => ({
  id: preset,
  words: `CSV for ${PRESET_NAMES[preset]}`,
  format: 'csv',
  preset,
}));

/** What people may ask for instead. Tools contact people. */
export function otherFormats({ kind }: Pick<Job, 'kind'>): readonly NamedFormat[] {
  return kind === 'companies' ? FILES : [...FILES, ...FOR_TOOLS];
}

/** In place of the id of a format: a one-time link to the result. */
export const LINK = 'link';

/** The format of that id. */
export function formatOf(id: string): NamedFormat | undefined {
  return [...FILES, ...FOR_TOOLS].find((each) => each.id === id);
}
