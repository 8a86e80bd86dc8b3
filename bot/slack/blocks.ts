import type { ActionsBlockElement, Button, KnownBlock, PlainTextElement } from '@slack/types';

/** A message as every surface of Slack takes it: `text` is for notifications and screen readers. */
export interface Message {
  readonly text: string;
  readonly blocks: readonly KnownBlock[];
}

/** Slack's limits, in characters or pieces. https://docs.slack.dev/reference/block-kit/blocks */
export const LIMITS = {
  header: 150,
  sectionText: 3000,
  contextText: 2000,
  contextElements: 10,
  actionElements: 25,
  buttonText: 75,
  buttonValue: 2000,
  title: 24,
  optionText: 75,
  optionValue: 150,
  options: 100,
  hint: 2000,
  placeholder: 150,
  confirm: { title: 100, text: 300, button: 30 },
} as const;

/** `text` in at most `most` characters, with "…" where something was left out; never half a character. */
export function cut(text: string, most: number): string {
  if (text.length <= most) return text;
  const end = text.slice(0, most - 1).replace(/[\uD800-\uDBFF]$/, '');
  return `${end}…`;
}

const UNSHOWABLE = /[\p{Cc}\p{Zl}\p{Zp}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]+/gu;

/**
 * Somebody else's words (a label, a file name, what Apollo says) for use inside mrkdwn: one line, nothing in
 * it can mention, link or format.
 */
export function shown(text: string, most = 100): string {
  const line = cut(text.replace(UNSHOWABLE, ' ').replace(/\s+/g, ' ').trim(), most);
  return escaped(line.replace(/[*_~`]/g, (mark) => `\u200b${mark}\u200b`));
}

/** The three characters that Slack reads as its own. */
function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** A cut may not leave half of `&amp;` or of a link behind. */
function cutMarkup(text: string, most: number): string {
  if (text.length <= most) return text;
  return `${cut(text, most)
    .replace(/…$/, '')
    .replace(/&[a-z]{0,4}$/, '')
    .replace(/<[^>]*$/, '')}…`;
}

export function plain(text: string, most: number = LIMITS.sectionText): PlainTextElement {
  return { type: 'plain_text', text: cut(text.trim() === '' ? '–' : text, most), emoji: true };
}

/** The title of what follows. */
export function header(text: string): KnownBlock {
  return { type: 'header', text: plain(text, LIMITS.header) };
}

export function section(text: string, accessory?: Button): KnownBlock {
  return {
    type: 'section',
    text: { type: 'mrkdwn', text: cutMarkup(text.trim() === '' ? '–' : text, LIMITS.sectionText) },
    ...(accessory && { accessory }),
  };
}

/** Small grey lines; texts beyond Slack's ten are left out. */
export function context(...texts: string[]): KnownBlock {
  const elements = texts
    .filter((text) => text !== '')
    .slice(0, LIMITS.contextElements)
    .map((text) => ({ type: 'mrkdwn' as const, text: cutMarkup(text, LIMITS.contextText) }));
  return {
    type: 'context',
    elements: elements.length > 0 ? elements : [{ type: 'mrkdwn', text: '–' }],
  };
}

export const divider: KnownBlock = { type: 'divider' };

export interface ButtonOptions {
  readonly text: string;
  readonly action: string;
  readonly value?: string;
  readonly url?: string;
  readonly style?: 'primary' | 'danger';
  readonly confirm?: {
    readonly title: string;
    readonly text: string;
    readonly yes: string;
    readonly no?: string;
  };
}

export function button({ text, action, value, url, style, confirm }: ButtonOptions): Button {
  return {
    type: 'button',
    text: plain(text, LIMITS.buttonText),
    action_id: action,
    ...(value !== undefined && { value }),
    ...(url !== undefined && { url }),
    ...(style && { style }),
    ...(confirm && {
      confirm: {
        title: plain(confirm.title, LIMITS.confirm.title),
        text: plain(confirm.text, LIMITS.confirm.text),
        confirm: plain(confirm.yes, LIMITS.confirm.button),
        deny: plain(confirm.no ?? 'Keep it', LIMITS.confirm.button),
        // What is asked twice is what cannot be taken back.
        style: 'danger',
      },
    }),
  };
}

/** A row of buttons; none gives no block. */
export function actions(...elements: ActionsBlockElement[]): KnownBlock[] {
  if (elements.length === 0) return [];
  return [{ type: 'actions', elements: elements.slice(0, LIMITS.actionElements) }];
}

const BAR_LENGTH = 20;

/** How much of a whole is used or done, as a picture of characters. */
export function bar(part: number, whole: number): string {
  const full = whole <= 0 ? BAR_LENGTH : Math.min(BAR_LENGTH, Math.round((part / whole) * BAR_LENGTH));
  return '▰'.repeat(full) + '▱'.repeat(BAR_LENGTH - full);
}

const HEIGHTS = '▁▂▃▄▅▆▇█';

/** Amounts side by side, as a picture of characters: the greatest is the highest, nothing is the lowest. */
export function bars(amounts: readonly number[]): string {
  const most = Math.max(...amounts, 0);
  return amounts
    .map((amount) => (amount <= 0 ? HEIGHTS[0] : HEIGHTS[Math.max(1, Math.ceil((amount / most) * 7))]))
    .join('');
}

/** Words that begin a line of their own. */
export function sentence(words: string): string {
  return `${words.slice(0, 1).toUpperCase()}${words.slice(1)}.`;
}

/** Words with moments in them, as other surfaces show them, with each in the reader's own time zone. */
export function withMoments(words: string): string {
  return words.replace(/\d{4}-\d\d-\d\d \d\d:\d\d UTC/g, (utc) => moment(Date.parse(utc)));
}

/** A moment in the reader's own time zone. `ms`: since the epoch. */
export function moment(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  const fallback = `${new Date(ms).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
  return `<!date^${seconds}^{date_short_pretty} {time}|${fallback}>`;
}
