import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { isIP } from 'node:net';
import type { Key, Team } from './accounts.ts';
import { round } from './accounts.ts';
import type { Chance } from './chance.ts';
import { Dice } from './chance.ts';
import type { Charge, LateCounts, Ledger } from './ledger.ts';
import { total } from './ledger.ts';
import type { Person } from './people.ts';
import { waterfallEmail } from './people.ts';
import { LATE_MS, type Spread, type WebhookMode } from './settings.ts';
import type { Time } from './time.ts';

interface LateWork {
  readonly key: Key;
  /** Matched people, and how many were asked for. */
  readonly people: readonly Person[];
  readonly requested: number;
  readonly phones: boolean;
  /** Without it the phones are of Apollo's own phone enrichment. */
  readonly waterfall: { readonly emails: boolean } | undefined;
  /** None: kept for polling only. */
  readonly webhookUrl: string | undefined;
}

/** What polling answers. */
type Polled =
  | { readonly state: 'unknown' }
  | { readonly state: 'expired' }
  | { readonly state: 'pending'; readonly retryAfterSeconds: number }
  | { readonly state: 'ready'; readonly body: Record<string, unknown> };

interface Job extends LateWork {
  readonly id: bigint;
  readonly acceptedAt: number;
  readonly dueAt: number;
  result: Record<string, unknown> | undefined;
}

/** Minutes that a result is kept. */
const KEPT_MINUTES = 30 * 24 * 60;
const DELIVERY_ATTEMPTS = 3;
/** Credits for a mobile number, as Apollo's price list has it. */
const MOBILE_CREDITS = 8;

/** Posts a body; whether it was taken. */
export type Post = (url: URL, body: string) => Promise<boolean>;

interface LateSettings {
  readonly lateMs: number | Spread;
  readonly minuteMs: number;
  readonly mode: WebhookMode;
  readonly time: Time;
  readonly post: Post;
}

/** Phones and waterfall results: promised at once, made later, posted to the webhook address and kept for polling. */
export class LateResults {
  mode: WebhookMode;
  readonly #settings: LateSettings;
  readonly #ledger: Ledger;
  readonly #chance: Chance;
  readonly #jobs = new Map<bigint, Job>();
  readonly #running = new Set<Job>();
  /** What is still to be done, as functions that cancel it. */
  readonly #pending = new Set<() => void>();
  #held: Job | undefined;
  #delivered = 0;
  #undeliverable = 0;

  constructor(settings: LateSettings, ledger: Ledger, chance: Chance) {
    this.#settings = settings;
    this.#ledger = ledger;
    this.#chance = chance;
    this.mode = settings.mode;
  }

  /** Ids of the team's people whose phones are being looked for right now. */
  inProgress(team: Team): Set<string> {
    const jobs = [...this.#running].filter((job) => job.phones && job.key.team === team);
    return new Set(jobs.flatMap((job) => job.people.map((person) => person.id)));
  }

  newRequestId(): bigint {
    return this.#chance.requestId();
  }

  accept(id: bigint, work: LateWork): void {
    const acceptedAt = this.#settings.time.now();
    const lateMs = this.drawLateMs();
    const dueAt = acceptedAt + lateMs;
    const job: Job = { ...work, id, acceptedAt, dueAt, result: undefined };
    this.#jobs.set(id, job);
    this.#running.add(job);
    this.#after(lateMs, () => this.#arrive(job));
  }

  /** When the next late result is there, ms after its request. */
  drawLateMs(): number {
    const { lateMs, minuteMs } = this.#settings;
    if (typeof lateMs === 'number') return lateMs;
    const drawn = Math.max(LATE_MS.least, this.#chance.spread(lateMs.median, lateMs.p95));
    return Math.round((drawn * minuteMs) / 60_000);
  }

  poll(id: bigint, team: Team): Polled {
    const job = this.#jobs.get(id);
    if (job?.key.team !== team) return { state: 'unknown' };
    const now = this.#settings.time.now();
    if (!job.result) {
      return { state: 'pending', retryAfterSeconds: Math.max(1, Math.ceil((job.dueAt - now) / 1000)) };
    }
    if (now >= job.dueAt + KEPT_MINUTES * this.#settings.minuteMs) return { state: 'expired' };
    const body = {
      request_id: String(id),
      webhook_status: 'success',
      request_type: job.waterfall ? 'waterfall' : 'phone',
      last_dispatched_at: new Date(job.dueAt).toISOString(),
      failure_reason: null,
      webhook_result: job.result,
    };
    return { state: 'ready', body };
  }

  counts(): LateCounts {
    return {
      accepted: this.#jobs.size,
      pending: this.#running.size,
      ready: this.#jobs.size - this.#running.size,
      delivered: this.#delivered,
      undeliverable: this.#undeliverable,
    };
  }

  /** What is still looked for is there now, and posted. */
  arrive(): void {
    for (const job of [...this.#running]) this.#arrive(job);
  }

  /** Forgets what is under way. */
  stop(): void {
    for (const cancel of this.#pending) cancel();
    this.#pending.clear();
  }

  #after(ms: number, work: () => void): void {
    const cancel = this.#settings.time.after(ms, () => {
      this.#pending.delete(cancel);
      work();
    });
    this.#pending.add(cancel);
  }

  #arrive(job: Job): void {
    if (!this.#running.has(job)) return;
    this.#finish(job);
    void this.#post(job);
  }

  #finish(job: Job): void {
    this.#running.delete(job);
    const charges = job.people.flatMap((person) => lateCharges(person, job));
    // Credits may have run out since the request was taken: then nothing is found.
    const paid = this.#ledger.charge(job.key, charges);
    job.result = job.waterfall ? waterfallResult(job, paid, charges) : phoneResult(job, paid, charges);
  }

  async #post(job: Job): Promise<void> {
    if (this.mode === 'never' || job.webhookUrl === undefined) return;
    if (this.mode === 'out-of-order' && this.#held === undefined) {
      this.#held = job;
      // Nobody may come after it.
      this.#after((job.dueAt - job.acceptedAt) * 2, () => this.#release(job));
      return;
    }
    await this.#deliver(job);
    if (this.mode === 'twice') await this.#deliver(job);
    if (this.#held) this.#release(this.#held);
  }

  #release(job: Job): void {
    if (this.#held !== job) return;
    this.#held = undefined;
    void this.#deliver(job);
  }

  async #deliver(job: Job): Promise<void> {
    if (job.webhookUrl === undefined) return;
    const url = new URL(job.webhookUrl);
    for (let attempt = 1; isLoopback(url.hostname) && attempt <= DELIVERY_ATTEMPTS; attempt += 1) {
      if (await this.#settings.post(url, JSON.stringify(job.result))) {
        this.#delivered += 1;
        return;
      }
    }
    this.#undeliverable += 1;
  }
}

function lateCharges(person: Person, work: LateWork): Charge[] {
  const names = namesOf(person);
  const { price } = work.key.team;
  const charges: Charge[] = [];
  if (work.phones && person.phone?.mobile)
    charges.push({ for: 'phone', names, credits: MOBILE_CREDITS * price });
  if (work.waterfall?.emails && waterfallEmail(person) !== null) {
    charges.push({ for: 'email', names, credits: price });
  }
  return charges;
}

/** Under what names the ledger knows a person. */
export function namesOf(person: Person): [string, ...string[]] {
  return [person.id, `li ${person.slug}`, ...(person.email === null ? [] : [`em ${person.email}`])];
}

function phoneResult(job: Job, paid: boolean, charges: readonly Charge[]): Record<string, unknown> {
  const found = paid ? job.people.filter((person) => person.phone !== null) : [];
  return {
    status: 'success',
    total_requested_enrichments: job.requested,
    unique_enriched_records: found.length,
    missing_records: job.requested - found.length,
    credits_consumed: paid ? total(charges) : 0,
    people: job.people.map((person) => ({
      id: person.id,
      status: 'success',
      phone_numbers: paid ? printPhones(person, 'high') : [],
    })),
  };
}

function waterfallResult(job: Job, paid: boolean, charges: readonly Charge[]): Record<string, unknown> {
  const emails = job.waterfall?.emails === true;
  const { phones } = job;
  const withEmail = emails && paid ? job.people.filter((person) => waterfallEmail(person) !== null) : [];
  const withMobile = phones && paid ? job.people.filter((person) => person.phone?.mobile) : [];
  const enriched = job.people.filter((person) => withEmail.includes(person) || withMobile.includes(person));
  return {
    status: 'success',
    total_requested_enrichments: job.requested,
    target_fields: [...(emails ? ['emails'] : []), ...(phones ? ['phone_numbers'] : [])],
    records_enriched: enriched.length,
    email_records_enriched: withEmail.length,
    mobile_records_enriched: withMobile.length,
    enrichment_not_found: job.requested - enriched.length,
    email_records_not_found: emails ? job.requested - withEmail.length : 0,
    mobile_records_not_found: phones ? job.requested - withMobile.length : 0,
    credits_consumed: paid ? round(total(charges)) : 0,
    request_id: String(job.id),
    request_initiated: new Date(job.acceptedAt).toISOString(),
    request_completed: new Date(job.dueAt).toISOString(),
    people: job.people.map((person) => printWaterfallPerson(person, job, paid)),
  };
}

function printWaterfallPerson(person: Person, job: Job, paid: boolean): Record<string, unknown> {
  const email = paid && job.waterfall?.emails ? waterfallEmail(person) : null;
  const phones = paid && job.phones ? printPhones(person, null) : [];
  const vendor = (id: string, found: boolean) => ({
    vendors: [{ id, name: 'Sandbox vendor', status: found ? 'VERIFIED' : 'NOT_FOUND' }],
  });
  return {
    id: person.id,
    waterfall: {
      ...(job.waterfall?.emails ? { emails: [vendor('sandbox_email-1', email !== null)] } : {}),
      ...(job.phones ? { phone_numbers: [vendor('sandbox_mobile-1', phones.length > 0)] } : {}),
    },
    ...(job.phones ? { phone_numbers: phones } : {}),
    ...(job.waterfall?.emails
      ? { emails: email === null ? [] : [{ email, position: 0, email_status_cd: 'Verified' }] }
      : {}),
  };
}

function printPhones(person: Person, confidence: string | null): Record<string, unknown>[] {
  if (!person.phone) return [];
  const { number, mobile } = person.phone;
  const id = new Dice(person.key).hex('phone id', 24);
  return [
    {
      _id: id,
      id,
      key: id,
      confidence_cd: confidence,
      dnc_status_cd: 'not_found',
      position: 0,
      raw_number: `${number.slice(0, 2)} ${number.slice(2, 5)}-${number.slice(5, 8)}-${number.slice(8)}`,
      sanitized_number: number,
      status_cd: 'valid_number',
      type_cd: mobile ? 'mobile' : 'work_direct',
    },
  ];
}

/** Other hosts are never contacted: the sandbox stays on this machine. */
function isLoopback(hostname: string): boolean {
  const host = hostname.replace(/^\[|\]$/g, '');
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));
}

/** To a server on this machine; over HTTP. */
export function postOnThisMachine(url: URL, body: string): Promise<boolean> {
  return new Promise((resolve) => {
    const options = {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) },
      timeout: 5000,
      agent: false,
      // A certificate on the loopback interface can only be one that its owner signed.
      rejectUnauthorized: false,
    };
    const request = (url.protocol === 'https:' ? requestHttps : requestHttp)(url, options, (response) => {
      response.resume();
      response.on('end', () =>
        resolve((response.statusCode ?? 0) >= 200 && (response.statusCode ?? 0) < 300),
      );
      response.on('error', () => resolve(false));
    });
    request.on('timeout', () => request.destroy(new Error('timeout')));
    request.on('error', () => resolve(false));
    request.end(body);
  });
}
