import type { Job, Preset } from '@connectionsphere/core';
import { PRESET_NAMES, PRESETS } from '@connectionsphere/core';
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

/** What people may ask for instead, with the words for it. Tools contact people. */
export function otherFormats({ kind }: Pick<Job, 'kind'>): readonly { id: string; words: string }[] {
  const tools =
    kind === 'companies' ? [] : PRESETS.map((id) => ({ id, words: `CSV for ${PRESET_NAMES[id]}` }));
  return [{ id: 'csv', words: 'CSV' }, { id: 'xlsx', words: 'Excel (.xlsx)' }, ...tools];
}

/** The format of that id. */
export function formatOf(id: string): ResultFormat | undefined {
  if (id === 'csv' || id === 'xlsx') return { format: id };
  const preset = PRESETS.find((each) => each === id);
  return preset && { format: 'csv', preset };
}
