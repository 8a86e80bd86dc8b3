import type { Audit, Collection, Store } from '@connectionsphere/core';
import type { Wish } from '../lists/list-wish.ts';

/** What may be allowed to some and not to others. */
export const DEEDS = ['connect', 'disconnect', 'enrich', 'forget', 'limits', 'tokens'] as const;
export type Deed = (typeof DEEDS)[number];

/** `everyone` in the workspace, its `admins`, or the people with these ids; admins may always. */
export type Allowed = 'everyone' | 'admins' | { readonly people: readonly string[] };

export interface WorkspaceSettings {
  readonly allowed: Readonly<Record<Deed, Allowed>>;
  /** Whether workflows may enrich where not everybody may. */
  readonly workflows?: boolean;
  /** Whether guests of the workspace may use the bot as its people may. */
  readonly guests?: boolean;
  /** Channel or person that notices about slots go to, beside whoever connected the key. */
  readonly notifications?: string;
  /** The most that one person may spend in a calendar month, credits; none: no limit but the others. */
  readonly personCredits?: number;
  /** Channels in which lists that people post are offered to be enriched. */
  readonly offerIn?: readonly string[];
  /** How the form for a list is filled in at first. */
  readonly lists?: Wish;
}

const DEFAULTS: WorkspaceSettings = {
  allowed: {
    connect: 'everyone',
    disconnect: 'admins',
    enrich: 'everyone',
    forget: 'admins',
    limits: 'admins',
    tokens: 'admins',
  },
};

/** What each Slack workspace has set for itself. */
export class SettingsRepository {
  readonly #stored: Collection<WorkspaceSettings>;

  readonly #audit: Audit;

  constructor(store: Store, audit: Audit) {
    this.#audit = audit;
    this.#stored = store.collection('slack-settings');
  }

  async of(workspace: string): Promise<WorkspaceSettings> {
    const stored = await this.#stored.get(workspace);
    // What was saved before a deed could be set says nothing of it.
    return stored ? { ...stored, allowed: { ...DEFAULTS.allowed, ...stored.allowed } } : DEFAULTS;
  }

  async set(workspace: string, settings: WorkspaceSettings): Promise<void> {
    const before = await this.of(workspace);
    await this.#audit.done(
      workspace,
      'settings.change',
      () => this.#stored.set(workspace, settings),
      () => changed(before, settings),
    );
  }

  async remove(workspace: string): Promise<void> {
    await this.#stored.delete(workspace);
  }
}

/** What is another now, by name, and what it is. */
function changed(before: WorkspaceSettings, after: WorkspaceSettings): Record<string, string> {
  const flat = ({ allowed, ...others }: WorkspaceSettings) => ({ ...allowed, ...others });
  const now: Record<string, unknown> = flat(after);
  const was: Record<string, unknown> = flat(before);
  return Object.fromEntries(
    Object.entries(now)
      .map(([name, value]) => [name, JSON.stringify(value)] as const)
      .filter(([name, value]) => value !== undefined && value !== JSON.stringify(was[name])),
  );
}
