import type { Actor, Clock, Collection, Log, Ports, Store } from './ports.ts';

/** What is recorded: whatever changes keys, limits, rights or data, starts or stops spending, or takes data out. */
export const DEEDS = [
  'slot.connect',
  'slot.replace',
  'slot.disconnect',
  'slot.restore',
  'slot.fill',
  'slot.clear',
  'slot.share',
  'slot.request',
  'limits.month',
  'limits.slot',
  'limits.list',
  'list.start',
  'list.pause',
  'list.resume',
  'list.cancel',
  'list.review',
  'list.export',
  'schedule.set',
  'schedule.delete',
  'schedule.end',
  'person.forget',
  'person.export',
  'token.create',
  'token.roll',
  'token.revoke',
  'settings.change',
  'hook.create',
  'hook.delete',
  'hook.switch-off',
  'hook.switch-on',
  'link.create',
  'link.use',
  'session.begin',
  'session.end',
  'workspace.remove',
  'keys.rotate',
  'store.backup',
  'store.restore',
  'store.move',
] as const;
export type Deed = (typeof DEEDS)[number];

/** What a deed was about, beside who did it: ids, numbers and words of ours. Never a key, never a lead's data. */
export type AuditFacts = Readonly<Record<string, string | number | boolean | readonly string[] | undefined>>;

/** One deed, as it is kept. */
export interface AuditEntry {
  /** Later deeds have smaller ids, so that the newest stand first. */
  readonly id: string;
  /** ms since the epoch. */
  readonly at: number;
  readonly workspace: string;
  readonly deed: Deed;
  readonly by: Actor;
  /** Of a deed about a slot, a list, a token, a hook. */
  readonly facts: AuditFacts;
}

export interface AuditQuery {
  /** None: all of them, one after the other. */
  readonly workspace?: string | undefined;
  /** Those done at this time or later, ms since the epoch. */
  readonly since?: number | undefined;
  /** Those that come after this one: the {@link Audit.place} of an entry. */
  readonly after?: string | undefined;
}

/** Stands for a workspace where something was done to all of them. */
export const EVERYWHERE = '';

const DAY_MS = 86_400_000;
/** Whoever asks who did what asks about the last year, and wants the one before to compare. */
const AUDIT_DAYS = 730;

/** As many digits in base 36 as the ms of the next two thousand years need. */
const TIME_DIGITS = 9;
const LAST_TIME = 36 ** TIME_DIGITS - 1;

/**
 * Who did what, where and when. Entries are only ever added, together with what they are about; they go when they are
 * older than they are kept, and not with the workspace that they are about. Nothing is recorded where the ports do not
 * tell who acts, as inside n8n.
 */
export class Audit {
  readonly #entries: Collection<AuditEntry>;
  readonly #store: Store;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #actor: Ports['actor'];
  readonly #keptMs: number;
  #count = 0;

  /** `keptMs`: how long an entry is kept. */
  constructor(
    { store, clock, log, actor }: Pick<Ports, 'store' | 'clock' | 'log' | 'actor'>,
    keptMs: number,
  ) {
    this.#entries = store.collection('audit');
    this.#store = store;
    this.#clock = clock;
    this.#log = log;
    this.#actor = actor;
    this.#keptMs = keptMs;
  }

  /** As the settings say: two years, and no shorter than the data, unless given. */
  static of(
    ports: Pick<Ports, 'store' | 'clock' | 'log' | 'actor'>,
    {
      retentionDays,
      auditDays = Math.max(AUDIT_DAYS, retentionDays),
    }: { readonly retentionDays: number; readonly auditDays?: number | undefined },
  ): Audit {
    return new Audit(ports, auditDays * DAY_MS);
  }

  /** Who acts now; `undefined` where nothing is recorded. */
  actor(): Actor | undefined {
    return this.#actor?.();
  }

  /**
   * Makes a change and the entry about it durable together: neither is there without the other. Gives what `change`
   * gives. `facts`: from what was changed; `undefined`: nothing was, and nothing is recorded.
   */
  async done<T>(
    workspace: string,
    deed: Deed,
    change: () => Promise<T>,
    facts: (changed: T) => AuditFacts | undefined,
  ): Promise<T> {
    const changed: T[] = [];
    let entry: AuditEntry | undefined;
    await this.#store.atomically(async () => {
      const result = await change();
      const about = facts(result);
      if (about) entry = await this.#add(workspace, deed, about);
      changed.push(result);
    });
    if (entry) this.#tell(entry);
    return changed[0] as T;
  }

  /** Adds an entry about what is no write, or was written already. Durable when it resolves. */
  async record(workspace: string, deed: Deed, facts: AuditFacts = {}): Promise<void> {
    const entry = await this.#add(workspace, deed, facts);
    if (entry) this.#tell(entry);
  }

  /** The newest of a workspace first. */
  async *entries({ workspace, since = 0, after = '' }: AuditQuery = {}): AsyncGenerator<AuditEntry, void> {
    const prefix = workspace === undefined ? '' : prefixOf(workspace);
    for await (const [key, entry] of this.#entries.entries(prefix)) {
      if (key > after && entry.at >= since) yield entry;
    }
  }

  /** Where an entry stands among all of them, to go on after it. */
  static place({ workspace, id }: AuditEntry): string {
    return `${prefixOf(workspace)}${id}`;
  }

  /** Whether a text may be a {@link place} of the workspace. */
  static isPlace(workspace: string, text: string): boolean {
    const prefix = prefixOf(workspace);
    return text.startsWith(prefix) && /^[0-9a-z]{17}$/.test(text.slice(prefix.length));
  }

  async #add(workspace: string, deed: Deed, facts: AuditFacts): Promise<AuditEntry | undefined> {
    const by = this.#actor?.();
    if (!by) return undefined;
    const at = this.#clock.now();
    this.#count = (this.#count + 1) % 36 ** 4;
    const reversed = (LAST_TIME - at).toString(36).padStart(TIME_DIGITS, '0');
    const count = (36 ** 4 - 1 - this.#count).toString(36).padStart(4, '0');
    const known = Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined));
    const entry: AuditEntry = {
      id: `${reversed}${count}${Math.random().toString(36).slice(2, 6).padEnd(4, '0')}`,
      at,
      workspace,
      deed,
      by,
      facts: known,
    };
    await this.#entries.set(Audit.place(entry), entry, { ttlMs: this.#keptMs });
    return entry;
  }

  #tell({ workspace, deed, by, facts, id }: AuditEntry): void {
    const { name: _, ...who } = by;
    this.#log.info('Audit', { audit: id, workspace, deed, by: who, facts });
  }
}

function prefixOf(workspace: string): string {
  return `${encodeURIComponent(workspace)}/`;
}
