import { type Actor, Audit, type AuditEntry, type AuditQuery, authorOfKey } from '@connectionsphere/core';

/** Some of what was done, the newest first. `next`: after which the others come; none: these were the last. */
export interface AuditPage {
  readonly entries: readonly AuditEntry[];
  readonly next?: string;
}

/** At most `limit` entries. */
export async function auditPage(audit: Audit, query: AuditQuery, limit: number): Promise<AuditPage> {
  const entries: AuditEntry[] = [];
  for await (const entry of audit.entries(query)) {
    const last = entries.at(-1);
    if (last && entries.length === limit) return { entries, next: Audit.place(last) };
    entries.push(entry);
  }
  return { entries };
}

/** All entries as programs get them. */
export async function* auditDocuments(audit: Audit, query: AuditQuery): AsyncGenerator<object> {
  for await (const entry of audit.entries(query)) yield auditDocument(entry);
}

/** As programs get an entry. */
export function auditDocument({ id, at, workspace, deed, by, facts }: AuditEntry) {
  return { id, at: new Date(at).toISOString(), workspace, deed, by, about: facts };
}

/** Who had how many credits spent in a month, the most first. */
export function creditsByAuthor(
  byAuthor: Readonly<Record<string, number>>,
): (Pick<Actor, 'via' | 'kind' | 'id'> & { readonly credits: number })[] {
  return Object.entries(byAuthor)
    .map(([key, credits]) => ({ ...authorOfKey(key), credits }))
    .sort((a, b) => b.credits - a.credits);
}
