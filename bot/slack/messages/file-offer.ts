import { ACTION } from '../action-ids.ts';
import { actions, button, context, type Message, section, shown } from '../blocks.ts';

/** A list in Slack, and the conversation and thread that it was posted in, where others may see it. */
export interface ListFile {
  readonly id: string;
  readonly name: string;
  readonly channel?: string;
  readonly thread?: string | undefined;
}

/** Answers a file that somebody sent: nothing is read or spent before the button is pressed. */
export function fileOffer(file: ListFile): Message {
  const text = `Enrich *${shown(file.name, 80)}*? You see the columns and what it would cost before anything is spent.`;
  return {
    text: text.replaceAll('*', ''),
    blocks: [
      section(text),
      ...actions(
        button({
          text: 'Enrich this list',
          action: ACTION.enrichFile,
          value: JSON.stringify({ ...file, name: file.name.slice(0, 200) }),
          style: 'primary',
        }),
      ),
      context('CSV, TSV, XLSX and NDJSON, with a row of column names.'),
    ],
  };
}
