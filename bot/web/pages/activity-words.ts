import { type Actor, type AuditFacts, type Deed, PRESET_NAMES, type Preset } from '@connectionsphere/core';
import type { Reader } from '../../reader.ts';
import { type Child, html } from '../html.ts';
import type { Purpose } from '../links.ts';
import { EVENTS } from './hooks.ts';
import { DEEDS } from './tokens.ts';

/** What was done, in words that follow the name of who did it. */
export const DONE: Readonly<Record<Deed, string>> = {
  'slot.connect': 'connected a key',
  'slot.replace': 'replaced a key',
  'slot.disconnect': 'disconnected a key',
  'slot.restore': 'put a key back',
  'slot.fill': 'filled a done-for-you slot',
  'slot.clear': 'cleared a done-for-you slot',
  'slot.share': "set a key's share of its limits",
  'slot.request': 'asked for a done-for-you slot',
  'limits.month': 'set the monthly limit',
  'limits.slot': "set a slot's monthly limit",
  'limits.list': 'set the limit of a list',
  'list.start': 'started a list',
  'list.pause': 'paused a list',
  'list.resume': 'let a list go on',
  'list.cancel': 'cancelled a list',
  'list.review': 'decided about answers of a list',
  'list.export': 'took results out',
  'schedule.set': 'had a list run again by itself',
  'schedule.delete': 'had a list run no longer by itself',
  'schedule.end': 'ended the runs of a list',
  'person.forget': 'forgot a person',
  'person.export': 'exported the data of a person',
  'token.create': 'made a token',
  'token.roll': 'rolled a token',
  'token.revoke': 'revoked a token',
  'settings.change': 'changed settings',
  'hook.create': 'made a hook',
  'hook.switch-off': 'switched a hook off that nothing reached for days',
  'hook.switch-on': 'switched a hook on again',
  'hook.delete': 'deleted a hook',
  'link.create': 'made a one-time link',
  'link.use': 'used a one-time link',
  'session.begin': 'signed in',
  'session.end': 'signed out',
  'workspace.remove': 'removed the workspace',
  'keys.rotate': 'encrypted all keys anew',
  'store.backup': 'made a backup',
  'store.restore': 'restored a backup',
  'store.move': 'moved the store',
};

/** Where something was done, as people say it. */
export const WAYS: Readonly<Record<Actor['via'], string>> = {
  slack: 'in Slack',
  api: 'over the API',
  page: 'on the page',
  link: 'by a one-time link',
  'command-line': 'on the command line',
  server: 'by itself',
};

const PURPOSES: Readonly<Record<Purpose['kind'], string>> = {
  connect: 'to connect a key',
  replace: 'to replace a key',
  fill: 'to fill a slot',
  'sign-in': 'to sign in',
  show: 'to show a token',
  result: "to a list's result",
};

const FORMATS: Readonly<Record<string, string>> = {
  csv: 'as CSV',
  xlsx: 'as Excel',
  json: 'as JSON',
  ndjson: 'as NDJSON',
  page: 'on a page',
};

type Value = NonNullable<AuditFacts[string]>;
type Said = (value: Value, reader: Reader) => string | false;

const amount = (value: Value, reader: Reader) =>
  typeof value === 'number' ? reader.plural(value, 'credit') : 'no limit';
const several = (value: Value): readonly string[] => (Array.isArray(value) ? value : [String(value)]);
const inWords = (words: Readonly<Record<string, string>>) => (value: Value) =>
  several(value)
    .map((each) => words[each] ?? each)
    .join(', ');

/** Facts in words; those that mean something to programs alone are left out: the download has them. */
const FACTS: Readonly<Record<string, Said>> = {
  slot: (value) => `slot ${value}`,
  label: (value) => !/^Slot \d$/.test(String(value)) && `“${value}”`,
  keyEnd: (value) => `key ends in ${value}`,
  team: () => false,
  client: () => false,
  hook: () => false,
  name: (value) => `“${value}”`,
  host: String,
  scopes: (value) => `may ${inWords(DEEDS)(value)}`,
  events: (value) => `when ${inWords(EVENTS)(value)}`,
  purpose: inWords(PURPOSES),
  rows: (value, reader) => reader.plural(Number(value), 'row'),
  creditLimit: (value, reader) => `limit ${amount(value, reader)}`,
  credits: amount,
  percent: (value) => `${value} % of its limits`,
  verdict: (value) => `${value}ed`,
  format: inWords(FORMATS),
  preset: (value) => `for ${PRESET_NAMES[value as Preset] ?? value}`,
  sessions: (value, reader) => reader.plural(Number(value), 'session'),
  lists: (value, reader) => reader.plural(Number(value), 'list'),
  people: (value, reader) => reader.plural(Number(value), 'person', 'people'),
  results: (value, reader) => reader.plural(Number(value), 'result'),
  every: (value) => `every ${value}`,
  olderThanDays: (value, reader) => `answers older than ${reader.plural(Number(value), 'day')}`,
};

/** What a deed was about, in words. `nameOf`: of a list; `undefined`: it is gone. */
export function about(
  { list, repeats, ...facts }: AuditFacts,
  nameOf: (list: string) => string | undefined,
  reader: Reader,
): Child {
  const link = (id: AuditFacts[string]): Child => {
    if (typeof id !== 'string') return undefined;
    const name = nameOf(id);
    return name === undefined ? 'a list that is deleted' : html`<a href="/app/lists/${id}">${name}</a>`;
  };
  const words = Object.entries(facts).flatMap(([fact, value]) => {
    if (value === undefined) return [];
    const said = FACTS[fact]?.(value, reader) ?? `${fact}: ${several(value).join(', ')}`;
    return said === false ? [] : [said];
  });
  const parts: Child[] = [
    link(list),
    typeof repeats === 'string' && [html`again, as `, link(repeats)],
    ...words,
  ].filter((part) => part !== undefined && part !== false);
  return parts.map((part, at) => [at > 0 && ' · ', part]);
}
