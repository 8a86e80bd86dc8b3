import { ACTION } from '../action-ids.ts';
import { actions, button, context, type Message, section } from '../blocks.ts';

/** What `/apollo` understands, in the order in which it is explained. */
const COMMANDS = [
  { usage: 'connect', does: 'put an Apollo key into a slot' },
  { usage: 'disconnect', does: 'take a key out of its slot' },
  { usage: 'open', does: 'the page, in your browser: slots, lists, credits' },
  { usage: 'slots', does: 'your slots, keys, credits and health' },
  {
    usage: 'slots share 2=50',
    does: "use half of the limits of slot 2's Apollo team, and leave the rest to colleagues",
  },
  { usage: 'enrich', does: 'enrich a list: a file or pasted leads' },
  {
    word: 'enrich',
    usage: 'enrich ada@contoso.example',
    does: 'one person, or several at once, by e-mail, LinkedIn profile or `Ada Lovelace at Contoso`',
  },
  { usage: 'jobs', does: 'your lists and how far they are' },
  { usage: 'status ID', does: 'one list, with its file and what can be done about it' },
  { usage: 'cancel ID', does: 'end a list (what was found stays)' },
  { usage: 'resume ID', does: 'go on with a paused or cancelled list' },
  { usage: 'schedule ID', does: 'run a list again by itself every week or month, or no longer' },
  { usage: 'credits', does: 'what was spent this month, and the limits' },
  { usage: 'forget ada@contoso.example', does: 'remove a person everywhere, for good' },
  { usage: 'token', does: 'an API token for n8n, shown once' },
  { usage: 'settings', does: 'admins: who may do what, and where notices go' },
  { usage: 'help', does: 'this overview' },
] as const;

export function helpMessage(): Message {
  const lines = COMMANDS.map(({ usage, does }) => `\`/apollo ${usage}\`  ${does}`);
  return {
    text: 'ConnectionSphere for Apollo: connect keys, enrich lists, see slots, jobs and credits.',
    blocks: [
      section(
        '*ConnectionSphere for Apollo*\nConnect up to four Apollo keys to slots, drop in a list of leads, and get it back with verified contact details. No lead is paid for twice.',
      ),
      ...actions(
        button({ text: 'Enrich a list', action: ACTION.enrich, style: 'primary' }),
        button({ text: 'Connect a key', action: ACTION.connect }),
        button({ text: 'Slots', action: ACTION.showSlots }),
        button({ text: 'Lists', action: ACTION.jobsPage, value: '0' }),
        button({ text: 'Credits', action: ACTION.credits }),
      ),
      section(lines.join('\n')),
      context(
        'You can also send me a file in a direct message, or choose *Enrich this list* in the menu of a message with a file.',
      ),
    ],
  };
}

/** Help for a word that is none; `nearest` is offered. What was typed is not repeated: it may be a key. */
export function unknownCommandMessage(nearest: string | undefined): Message {
  const offer = nearest === undefined ? '' : ` Did you mean \`/apollo ${nearest}\`?`;
  const help = helpMessage();
  const text = `I don't know that command.${offer}`;
  return { text, blocks: [section(text), ...help.blocks.slice(1, 3)] };
}
