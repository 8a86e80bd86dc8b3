import type { Http, HttpRequest, HttpResponse } from '../../core/ports.ts';

/** What Apollo is asked about one lead, by Apollo's names of the fields. */
export type Detail = Readonly<Record<string, string>>;

/** What the script answers in place of a batch; by the details that were asked. */
export type Script = (details: readonly Detail[], call: ScriptedCall) => readonly unknown[];

export interface ScriptedCall {
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly details: readonly Detail[];
}

/**
 * Apollo with answers that a test wrote: takes the four calls that cost, and leaves the others to the sandbox. A whole
 * answer may be given in place of entries, as `{ body }`.
 */
export class ScriptedApollo {
  readonly calls: ScriptedCall[] = [];
  /** Credits: one for each entry that names somebody, eight more for a number that was asked for. */
  credits = 0;
  script: Script;
  #requests = 0;

  constructor(script: Script) {
    this.script = script;
  }

  readonly between = (http: Http): Http => ({
    ...http,
    request: async (request) => {
      const url = new URL(request.url);
      const path = /(?:people|organizations)\/\w+$/.exec(url.pathname)?.[0];
      return path ? this.#answer(path, url, request) : await http.request(request);
    },
  });

  #answer(path: string, url: URL, { body }: HttpRequest): HttpResponse {
    const query = Object.fromEntries(url.searchParams);
    const sent = body === undefined ? undefined : (JSON.parse(body) as { details: Detail[] });
    const details = sent?.details ?? [query];
    const call = { path, query, details };
    this.calls.push(call);
    const entries = this.script(details, call);
    const wantsPhones = query.reveal_phone_number === 'true';
    const charged = entries.filter(namesSomebody).length * (wantsPhones ? 9 : 1);
    this.credits += charged;
    this.#requests += 1;
    return {
      status: 200,
      headers: {},
      body: JSON.stringify(this.#body(path, entries, charged, wantsPhones)),
    };
  }

  #body(path: string, entries: readonly unknown[], credits: number, wantsPhones: boolean): unknown {
    const [first] = entries;
    const whole = first as { body?: unknown } | undefined;
    if (whole?.body !== undefined) return whole.body;
    if (path === 'people/match') return { person: first, credits_consumed: credits };
    if (path === 'organizations/enrich') return { organization: first, credits_consumed: credits };
    const late = wantsPhones ? { phone_enrichment: { status: 'failed' }, request_id: this.#requests } : {};
    const list = path === 'people/bulk_match' ? { matches: entries } : { organizations: entries };
    return { status: 'success', ...list, ...late, credits_consumed: credits };
  }
}

function namesSomebody(entry: unknown): boolean {
  const { id, name, match_confidence } = (entry ?? {}) as Record<string, unknown>;
  return Boolean(id && name) && match_confidence !== 'none';
}

/** Apollo's entry about a person, as it prints one. */
export function entryOf(
  name: string,
  employer: { readonly name: string; readonly domain: string },
  more: Readonly<Record<string, unknown>> = {},
): Record<string, unknown> {
  const [first_name = '', ...rest] = name.split(' ');
  const slug = name.toLowerCase().replaceAll(' ', '-');
  return {
    id: idOf(`${name} ${employer.name}`),
    first_name,
    last_name: rest.join(' '),
    name,
    linkedin_url: `http://www.linkedin.com/in/${slug}`,
    email: `${first_name.toLowerCase()}@${employer.domain}`,
    email_status: 'verified',
    organization: { id: idOf(employer.name), name: employer.name, primary_domain: employer.domain },
    ...more,
  };
}

/** 24 hex digits, the same for the same text. */
export function idOf(text: string): string {
  let value = 5381n;
  for (const letter of text) value = (value * 33n + BigInt(letter.codePointAt(0) ?? 0)) % (1n << 96n);
  return value.toString(16).padStart(24, '5').slice(-24);
}
