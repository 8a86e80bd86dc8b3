/** What Apollo is asked for one person. */
export interface Detail {
  readonly first_name: string;
  readonly last_name: string;
  readonly organization_name: string;
  readonly domain: string;
  readonly linkedin_url?: string;
}

/** As much of Apollo's person as the output shows. */
export interface Match {
  readonly email?: string | null;
  readonly email_status?: string | null;
  readonly title?: string | null;
  readonly linkedin_url?: string | null;
  readonly city?: string | null;
  readonly country?: string | null;
  readonly organization?: {
    readonly name?: string | null;
    readonly primary_domain?: string | null;
    readonly industry?: string | null;
    readonly estimated_num_employees?: number | null;
  } | null;
}

/** Longer than this no strategy waits for an answer, ms. */
const TIMEOUT_MS = 30_000;

/** Apollo did not answer with 200. */
export class CallFailed extends Error {
  override readonly name = 'CallFailed';
  /** None: the connection broke. */
  readonly status: number | undefined;
  /** What Apollo asked for with a 429, ms. */
  readonly retryAfterMs: number | undefined;

  constructor(message: string, status?: number, retryAfter?: string | null) {
    super(message);
    this.status = status;
    this.retryAfterMs = retryAfter ? Number(retryAfter) * 1000 : undefined;
  }

  /** Whether asking again may help. */
  get isTransient(): boolean {
    return this.status === undefined || this.status === 429 || this.status >= 500;
  }
}

/** At most ten people in one call, in their order. */
export async function matchTen(
  url: string,
  key: string,
  details: readonly Detail[],
): Promise<(Match | null)[]> {
  const body = JSON.stringify({ details });
  const answer = (await call(`${url}/people/bulk_match`, key, body)) as { matches: (Match | null)[] };
  return answer.matches;
}

/** One person; Apollo takes all of it in the query. */
export async function matchOne(url: string, key: string, detail: Detail): Promise<Match | null> {
  const query = new URLSearchParams({ ...detail });
  const answer = (await call(`${url}/people/match?${query}`, key)) as { person?: Match | null };
  return answer.person ?? null;
}

async function call(url: string, key: string, body?: string): Promise<unknown> {
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'x-api-key': key, ...(body && { 'content-type': 'application/json' }) },
      ...(body && { body }),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    if (response.ok) return await response.json();
    await response.arrayBuffer();
    throw new CallFailed(
      `Apollo answered ${response.status}`,
      response.status,
      response.headers.get('retry-after'),
    );
  } catch (error) {
    if (error instanceof CallFailed) throw error;
    throw new CallFailed(`The connection failed: ${String(error)}`);
  }
}
