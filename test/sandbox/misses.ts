import { Dice } from './chance.ts';
import type { Company } from './companies.ts';
import { companyAt, printCompany } from './companies.ts';
import type { PersonQuery } from './people.ts';

/**
 * How Apollo says that it does not know somebody. `stub`: a person with `match_confidence: "none"`, an empty name and
 * the employer guessed from the e-mail's domain; its id is null, absent or a 24-hex id, all three having been met.
 * `null`: as Apollo's description has it. `empty`: `{}`. `left-out`: the entry (or the key) is not there at all.
 * Source: what Apollo was seen to answer in autumn 2026.
 */
export const MISS_SHAPES = ['stub', 'null', 'empty', 'left-out'] as const;
export type MissShape = (typeof MISS_SHAPES)[number];

/** In place of somebody who is not known; `undefined` where nothing stands there. */
export function personMiss(shape: MissShape, query: PersonQuery): unknown {
  if (shape === 'stub') return stub(query);
  if (shape === 'empty') return {};
  return shape === 'null' ? null : undefined;
}

/** In place of a company that is not known. Apollo makes no stubs of companies: where people get one, these are left out. */
export function companyMiss(shape: MissShape): unknown {
  if (shape === 'empty') return {};
  return shape === 'null' ? null : undefined;
}

function stub(query: PersonQuery): Record<string, unknown> {
  const dice = new Dice(JSON.stringify(query));
  const id = dice.pick('stub id', ['null', 'absent', 'hex']);
  const domain = query.email?.trim().toLowerCase().split('@').at(-1);
  const company: Company | undefined = domain ? companyAt(domain) : undefined;
  return {
    ...(id === 'null' && { id: null }),
    ...(id === 'hex' && { id: dice.hex('stub', 24) }),
    first_name: '',
    last_name: '',
    name: '',
    linkedin_url: null,
    title: null,
    email: null,
    email_status: null,
    match_confidence: 'none',
    organization_id: company?.id ?? null,
    employment_history: [],
    ...(company && { organization: printCompany(company) }),
  };
}
