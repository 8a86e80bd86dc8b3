import type { DirectResult, JobStatus } from '@connectionsphere/core';
import type { Reader } from '../../reader.ts';
import { cut } from '../blocks.ts';
import type { SlackJob } from './job-repository.ts';
import type { Outbox } from './outbox.ts';

/** What a step gives to those after it, by the names in `manifest.steps.yml`. */
export type StepOutputs = Readonly<Record<string, string | number | boolean>>;

/** How a step of a workflow ended: Slack is told, and the workflow goes on or stops. */
export type StepResult = {
  readonly id: string;
  readonly workspace: string;
  readonly type: 'step.result';
  /** Slack's `function_execution_id`. */
  readonly execution: string;
} & ({ readonly outputs: StepOutputs } | { readonly error: string });

/** Whoever reads a failed run in Workflow Builder sees a line or two. */
const MOST_WORDS = 500;

/** Ends steps of workflows: written down first, so that a workflow goes on although Slack or we were away. */
export class StepService {
  readonly #outbox: Pick<Outbox<StepResult>, 'add'>;

  constructor(outbox: Pick<Outbox<StepResult>, 'add'>) {
    this.#outbox = outbox;
  }

  async complete(workspace: string, execution: string, outputs: StepOutputs): Promise<void> {
    await this.#outbox.add({ id: `step/${execution}`, workspace, type: 'step.result', execution, outputs });
  }

  /** `words`: what was wrong and what to do, for whoever built or ran the workflow. */
  async fail(workspace: string, execution: string, words: string): Promise<void> {
    const error = cut(words.replace(/[*_`]/g, ''), MOST_WORDS);
    await this.#outbox.add({ id: `step/${execution}`, workspace, type: 'step.result', execution, error });
  }

  /** A list was cancelled: the step that waits for it, if one does, fails. */
  async cancelled({ workspace, execution }: SlackJob): Promise<void> {
    if (execution !== undefined) await this.fail(workspace, execution, 'Somebody cancelled the list.');
  }
}

/** Of *Enrich a list*. `link`: of the enriched file, where it could be delivered. */
export function listOutputs(job: JobStatus, link: string | undefined, reader: Reader): StepOutputs {
  const { counts, credits, id, name, rows } = job;
  return {
    list: name,
    ...(link && { file: link }),
    summary: `${name}: ${reader.count(counts.matched)} of ${reader.plural(rows, 'lead')} found, ${reader.plural(counts.verifiedEmails, 'verified e-mail')}, ${reader.plural(credits, 'credit')}.`,
    leads: rows,
    found: counts.matched,
    verified_emails: counts.verifiedEmails,
    phones: counts.phones,
    credits,
    job: id,
  };
}

/** Of *Enrich a person*, which takes companies too. `asked`: the input, `credits`: what it cost. */
export function personOutputs(
  asked: string,
  { outcome, person, company, match }: DirectResult,
  credits: number,
): StepOutputs {
  if (outcome === 'review') {
    const doubt = match?.reason ?? 'something that was asked says otherwise';
    return {
      found: false,
      summary: `Apollo's answer for ${asked} may be about somebody else: ${doubt}`,
      credits,
    };
  }
  const employer = person?.company ?? company;
  const name = person?.name ?? (person ? undefined : employer?.name);
  const place = person ?? employer;
  const given = {
    name,
    email: person?.email,
    email_status: person?.emailStatus,
    title: person?.title,
    company: employer?.name,
    company_domain: employer?.domain,
    phone: person ? person.phones?.[0]?.number : employer?.phone,
    linkedin: person ? person.linkedinUrl : employer?.linkedinUrl,
    place: [place?.city, place?.state, place?.country].filter(Boolean).join(', ') || undefined,
  };
  const found = person !== undefined || company !== undefined;
  const role = [person?.title, person && employer?.name && `at ${employer.name}`].filter(Boolean).join(' ');
  return {
    found,
    summary: found
      ? [name ?? asked, role, person?.email].filter(Boolean).join(', ')
      : `Apollo does not know ${asked}.`,
    credits,
    ...(Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as StepOutputs),
  };
}
