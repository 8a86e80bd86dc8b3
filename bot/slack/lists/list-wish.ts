import { DEFAULT_OPTIONS, type EnrichOptions } from '@connectionsphere/core';

/** What to find beside e-mail and profile, with what it costs, in the words of the form. */
export const EXTRAS = [
  { id: 'personalEmails', name: 'Personal e-mails', price: 'No extra credits. Not in GDPR regions.' },
  {
    id: 'phones',
    name: 'Phones',
    price: '8 more credits per person with a mobile. They come minutes later.',
  },
  { id: 'company', name: 'More about the company', price: 'Up to 1 more credit per company.' },
  {
    id: 'waterfall',
    name: "Ask your Apollo account's other vendors too",
    price: 'They charge credits of their own.',
  },
  { id: 'fresh', name: 'Ask again for people known already', price: 'They cost credits again.' },
] as const;

export type Extra = (typeof EXTRAS)[number]['id'];

/** How somebody wants a list enriched. */
export interface Wish {
  readonly extras: readonly Extra[];
  /** Credits, at most, for the whole list. */
  readonly limit?: number | undefined;
}

export function isExtra(value: string): value is Extra {
  return EXTRAS.some(({ id }) => id === value);
}

export function optionsOf({ extras }: Wish): EnrichOptions {
  return {
    ...DEFAULT_OPTIONS,
    reveal: {
      personalEmails: extras.includes('personalEmails'),
      phones: extras.includes('phones'),
      waterfall: extras.includes('waterfall'),
    },
    company: extras.includes('company'),
  };
}
