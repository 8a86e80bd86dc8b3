import type { Actor, Collection, Store } from '../ports.ts';
import { type AuthorOf, authorKey } from './accounts.ts';

/** Of so many jobs it is remembered who started them. */
const REMEMBERED = 1_000;
const DIRECT = 'direct/';

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
