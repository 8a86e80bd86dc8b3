import { type Core, type Lead, leadFromRow, type ReviewVerdict } from '@connectionsphere/core';
import { jobOf } from './job.ts';

/** Who a row is about, as asked or as answered. */
export interface Side {
  readonly name?: string;
  readonly title?: string;
  readonly company?: string;
  readonly domain?: string;
  readonly email?: string;
  readonly linkedinUrl?: string;
}

/** An answer that contradicts what was asked, beside what was asked. */
export interface OpenReview {
  /** Of the lead in the list, counted from 1. */
  readonly row: number;
  readonly outcome: string;
  readonly reason: string;
  readonly asked: Side;
  readonly answered: Side;
}

/** The answers of a list that contradict what was asked and about which nobody has decided. */
export async function openReviews(
  core: Core,
  workspace: string,
  id: string,
  listing: string,
): Promise<OpenReview[]> {
  const job = await jobOf(core, workspace, id, listing);
  const reviews: OpenReview[] = [];
  for await (const { row, cells, outcome, match, person, company } of core.jobs.results(id)) {
    if (outcome !== 'review') continue;
    const employer = person?.company ?? company;
    reviews.push({
      row: row + 1,
      outcome,
      reason: match?.reason ?? '',
      asked: askedSide(leadFromRow(cells, job.mapping)),
      answered: sideOf({
        name: person?.name ?? ([person?.firstName, person?.lastName].filter(Boolean).join(' ') || undefined),
        title: person?.title,
        company: employer?.name,
        domain: employer?.domain,
        email: person?.email,
        linkedinUrl: person?.linkedinUrl ?? company?.linkedinUrl,
      }),
    });
  }
  return reviews;
}

/** Whom a lead asks for. */
export function askedSide({
  firstName,
  lastName,
  name,
  company,
  domain,
  email,
  linkedinUrl,
  ...lead
}: Lead): Side {
  return sideOf({
    name: [firstName, lastName].filter(Boolean).join(' ') || name,
    company,
    domain,
    email,
    linkedinUrl: linkedinUrl ?? lead.companyLinkedinUrl,
  });
}

function sideOf(fields: { readonly [Name in keyof Side]: Side[Name] | undefined }): Side {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}

/** Decides about rows, counted from 1; gives all that were changed, since rows that ask the same go together. */
export async function decideReviews(
  core: Core,
  workspace: string,
  id: string,
  rows: readonly number[],
  verdict: ReviewVerdict,
  by: string,
): Promise<number[]> {
  const changed = new Set<number>();
  for (const row of rows) {
    if (changed.has(row - 1)) continue;
    for (const each of await core.jobs.decide(workspace, id, row - 1, verdict, by)) changed.add(each);
  }
  const all = [...changed].sort((a, b) => a - b).map((row) => row + 1);
  if (all.length > 0)
    await core.events.publish(workspace, { type: 'job.reviewed', job: id, verdict, rows: all, by });
  return all;
}
