import type { DirectAnswer, DirectResult } from '@connectionsphere/core';
import type { Button, KnownBlock } from '@slack/types';
import type { Reader } from '../../reader.ts';
import { ACTION } from '../action-ids.ts';
import { actions, button, context, divider, LIMITS, type Message, section, shown } from '../blocks.ts';

type Person = NonNullable<DirectResult['person']>;
type Company = NonNullable<NonNullable<DirectResult['person']>['company']>;

/** One person or company, answered at once. `asked`: what was asked for, in the asker's words. */
export function cardMessage(asked: string, answer: DirectAnswer, reader: Reader): Message {
  const [result] = answer.results;
  if ((result?.outcome === 'matched' || result?.outcome === 'review') && (result.person || result.company)) {
    const blocks = result.person
      ? personBlocks(result.person, reader)
      : result.company
        ? companyBlocks(result.company, reader)
        : [];
    const who = result.person?.name ?? result.company?.name ?? asked;
    const doubt =
      result.outcome === 'review'
        ? `:warning: *To review:* perhaps not the person you asked for. ${shown(result.match?.reason ?? '', 300)}`
        : undefined;
    return {
      text: `${doubt ? 'Perhaps' : 'Found'} ${shown(who, 80)}. ${costWords(result, answer, reader)}`,
      blocks: [
        ...(doubt ? [section(doubt)] : []),
        ...blocks,
        context(costWords(result, answer, reader)),
        ...(doubt || asked === '' || asked.length > LIMITS.buttonValue ? [] : actions(shareButton(asked))),
      ],
    };
  }
  const [text, ...more] = otherwise(asked, answer);
  return { text: text.replace(/[*_`]/g, ''), blocks: [section(text), ...more] };
}

function shareButton(asked: string): Button {
  return button({ text: 'Share', action: ACTION.shareCard, value: asked });
}

/** A card for others to see, with who shows it to them. `card`: without what only the asker can use. */
export function sharedCard({ text, blocks }: Message, user: string): Message {
  return { text, blocks: [...blocks, context(`Shared by <@${user}>`)] };
}

/** As {@link cardMessage}, for several who were asked for at once; `asked` in the order of the results. */
export function cardsMessage(asked: readonly string[], answer: DirectAnswer, reader: Reader): Message {
  const { results, credits } = answer;
  const [only] = asked;
  if (asked.length <= 1 || results.length === 0) return cardMessage(only ?? '', answer, reader);
  const cards = asked.map((who, at) =>
    cardMessage(who, { ...answer, results: results.slice(at, at + 1) }, reader),
  );
  const found = results.filter(({ outcome }) => outcome === 'matched').length;
  const review = results.filter(({ outcome }) => outcome === 'review').length;
  const cost =
    answer.inDoubtCalls > 0
      ? 'The answer of a call was lost, so Apollo may have charged for it.'
      : `Cost ${reader.plural(credits, 'credit')} together.`;
  const text = `${reader.count(found)} of ${reader.count(asked.length)} found${review > 0 ? `, ${reader.count(review)} to review` : ''}. ${cost}`;
  return {
    text,
    blocks: [
      ...cards.flatMap(({ blocks }) => [
        ...blocks.filter(({ type }) => type !== 'context' && type !== 'actions'),
        divider,
      ]),
      context(text),
    ],
  };
}

function otherwise(asked: string, { results, stopped, problem }: DirectAnswer): [string, ...KnownBlock[]] {
  const who = shown(asked, 80);
  const [result] = results;
  if (stopped === 'no-slot') {
    return [
      `No connected key can look *${who}* up just now. Connect one, or see under Slots what is wrong.`,
      ...actions(
        button({ text: 'Connect a key', action: ACTION.connect, style: 'primary' }),
        button({ text: 'Slots', action: ACTION.showSlots }),
      ),
    ];
  }
  if (stopped === 'slot-limit') {
    return [
      `Every slot is at its credit limit for the month, so *${who}* was not looked up. Nothing was spent.`,
      ...actions(button({ text: 'Credits', action: ACTION.credits })),
    ];
  }
  if (stopped === 'budget') {
    return [
      `Your workspace reached its credit limit for the month, so *${who}* was not looked up. Nothing was spent.`,
      ...actions(button({ text: 'Credits', action: ACTION.credits })),
    ];
  }
  if (problem) return [`*${who}* was not looked up. ${shown(problem, 300)}`];
  if (result?.outcome === 'unmatched') return [`Apollo does not know *${who}*. It cost nothing.`];
  if (result?.error) return [`*${who}*: ${shown(result.error, 300)}`];
  return [`*${who}* was not looked up. Try again in a minute.`];
}

function costWords({ how }: DirectResult, { credits, inDoubtCalls }: DirectAnswer, reader: Reader): string {
  if (inDoubtCalls > 0) return 'The answer of a call was lost, so Apollo may have charged for it.';
  if (how === 'known') return 'Known from before: free.';
  return `Cost ${reader.plural(credits, 'credit')}.`;
}

function personBlocks(person: Person, reader: Reader): KnownBlock[] {
  const company = person.company?.name ?? person.company?.domain;
  const role = [person.title, company && `at ${company}`].filter(Boolean).join(' ');
  const lines = [
    `*${shown(person.name ?? ([person.firstName, person.lastName].filter(Boolean).join(' ') || 'Unnamed'), 100)}*`,
    ...(role ? [shown(role, 200)] : []),
    ...(place(person) ? [`:round_pushpin: ${place(person)}`] : []),
  ];
  const details = [
    ...(person.email
      ? [
          `:email: ${shown(person.email, 200)}${person.emailStatus ? ` · ${shown(person.emailStatus, 40)}` : ''}`,
        ]
      : [':email: No e-mail known.']),
    ...(person.personalEmails?.length ? [`:house: ${shown(person.personalEmails.join(', '), 300)}`] : []),
    ...(person.phones?.length
      ? [`:telephone_receiver: ${shown(person.phones.map(({ number }) => number).join(', '), 300)}`]
      : []),
    ...(link(person.linkedinUrl, 'LinkedIn') ?? []),
    ...(person.company ? [companyLine(person.company, reader)] : []),
  ];
  return [section(lines.join('\n')), section(details.filter(Boolean).join('\n'))];
}

function companyBlocks(company: Company, reader: Reader): KnownBlock[] {
  const details = [
    ...(company.domain ? [`:globe_with_meridians: ${shown(company.domain, 200)}`] : []),
    ...(place(company) ? [`:round_pushpin: ${place(company)}`] : []),
    companyLine(company, reader),
    ...(company.phone ? [`:telephone_receiver: ${shown(company.phone, 60)}`] : []),
    ...(link(company.linkedinUrl, 'LinkedIn') ?? []),
  ].filter(Boolean);
  return [
    section(`*${shown(company.name ?? company.domain ?? 'Unnamed', 100)}*`),
    ...(details.length > 0 ? [section(details.join('\n'))] : []),
  ];
}

function companyLine({ industry, size, foundedYear, revenue }: Company, reader: Reader): string {
  const parts = [
    industry && `${industry.slice(0, 1).toUpperCase()}${industry.slice(1)}`,
    size === undefined ? undefined : `about ${reader.count(size)} people`,
    foundedYear === undefined ? undefined : `founded in ${foundedYear}`,
    revenue === undefined ? undefined : `revenue ${revenue}`,
  ].filter((part) => part !== undefined);
  return parts.length === 0 ? '' : `:office: ${shown(parts.join(' · '), 300)}`;
}

function place({ city, state, country }: Pick<Person, 'city' | 'state' | 'country'>): string {
  return shown([city, state, country].filter(Boolean).join(', '), 200);
}

/** Only addresses of the web become links. */
function link(url: string | undefined, name: string): string[] | undefined {
  const parsed = url === undefined ? null : URL.parse(url);
  if (!parsed || !['https:', 'http:'].includes(parsed.protocol)) return undefined;
  return [`:link: <${parsed.href.replace(/[<>|]/g, encodeURIComponent)}|${name}>`];
}
