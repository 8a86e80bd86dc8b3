import type { HeldTexts } from '@connectionsphere/core';

const WEEK_MS = 7 * 86_400_000;

/** Where the surfaces keep what is still to be said, or was said of late: names of lists and results stand in it. */
export const HELD_TEXTS: readonly HeldTexts[] = [
  {
    collection: 'deliveries',
    keptMs: WEEK_MS,
    workspaceOf: ({ body }: { body: string }) => (JSON.parse(body) as { workspace?: string }).workspace,
  },
  {
    collection: 'slack-outbox',
    keptMs: WEEK_MS,
    workspaceOf: ({ entry }: { entry: { workspace?: string } }) => entry.workspace,
  },
];
