import { ACTION } from '../action-ids.ts';
import { actions, button, context, type Message, section, shown } from '../blocks.ts';

/** Answers a file that somebody sent: nothing is read or spent before the button is pressed. */
export function fileOffer(file: { readonly id: string; readonly name: string }): Message {
  const text = `Enrich *${shown(file.name, 80)}*? You see the columns and what it would cost before anything is spent.`;
  return {
    text: text.replaceAll('*', ''),
    blocks: [
      section(text),
      ...actions(
        button({
          text: 'Enrich this list',
          action: ACTION.enrichFile,
          value: JSON.stringify({ id: file.id, name: file.name.slice(0, 200) }),
          style: 'primary',
        }),
      ),
      context('CSV, TSV, XLSX and NDJSON, with a row of column names.'),
    ],
  };
}
