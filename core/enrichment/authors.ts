import type { Actor, Collection, Store } from '../ports.ts';
import { roundCredits } from './credits.ts';

/** Of so many jobs it is remembered who started them. */
const REMEMBERED = 1_000;
const DIRECT = 'direct/';

/** Names who has credits spent: `slack/person/U1`, `api/token/6516fab8fac9`. */
function authorKey({ via, kind, id }: Actor): string {
  return [via, kind, id].map(encodeURIComponent).join('/');
}

/** Whom {@link authorKey} names. */
export function authorOfKey(key: string): Pick<Actor, 'via' | 'kind' | 'id'> {
  const [via = 'server', kind = 'server', id = ''] = key.split('/').map(decodeURIComponent);
  return { via: via as Actor['via'], kind: kind as Actor['kind'], id };
}

/** Who a job's or a request's credits are spent for, as {@link authorKey}; `undefined` where it is not known who acts. */
export type AuthorOf = (source: string) => Promise<string | undefined>;

/** Credits by author, of those by the job or request that they were spent for. */
export async function creditsByAuthor(
  bySource: Readonly<Record<string, number>>,
  authorOf: AuthorOf,
): Promise<Readonly<Record<string, number>>> {
  const byAuthor: Record<string, number> = {};
  for (const [source, credits] of Object.entries(bySource)) {
    const author = credits === 0 ? undefined : await authorOf(source);
    if (author !== undefined) byAuthor[author] = roundCredits((byAuthor[author] ?? 0) + credits);
  }
  return byAuthor;
}

/** A name for a request that somebody waits for; `id` is one that no other has. */
export function directSource(id: string, by: Actor | undefined): string {
  return `${DIRECT}${by ? `${authorKey(by)}/` : ''}${id}`;
}

/** Who jobs and requests are for: a request's name says it, and a job knows who started it. */
export function authorsIn(store: Store): AuthorOf {
  const jobs: Collection<{ readonly by?: Actor }> = store.collection('jobs');
  const known = new Map<string, string>();
  return async (source) => {
    if (source.startsWith(DIRECT)) {
      const author = source.slice(DIRECT.length, source.lastIndexOf('/'));
      return author === '' ? undefined : author;
    }
    const before = known.get(source);
    if (before !== undefined) return before;
    const by = (await jobs.get(source))?.by;
    if (!by) return undefined;
    const author = authorKey(by);
    if (known.size >= REMEMBERED) known.clear();
    known.set(source, author);
    return author;
  };
}
