import type { Accounts } from '../enrichment/index.ts';
import type { Ports } from '../ports.ts';
import type { Connection, Slots } from '../slots/index.ts';
import { type Balances, balancesBefore, lagsBehind, withBalancesAfter } from './balances.ts';
import type { JobRepository } from './job-repository.ts';
import type { Job } from './types.ts';

/** What keys have left is not waited for longer, as a share of a minute. */
const BALANCE_WAIT = 1 / 12;
/** Apollo's figures of credits follow within seconds: after so long they are read again where they lag behind, ms at most. */
const BALANCE_LAG_MS = 2_000;
/** The same as a share of a minute, where that is shorter than Apollo's. */
const BALANCE_LAG = 1 / 30;
const BALANCE_READINGS = 3;

export interface BalanceReadingsOptions {
  readonly ports: Pick<Ports, 'clock'>;
  readonly slots: Slots;
  readonly accounts: Accounts;
  readonly repository: JobRepository;
  /** Length of Apollo's minute window, ms. */
  readonly minuteMs: number;
}

/** Reads what Apollo says of the credits of a list's teams. */
export class BalanceReadings {
  readonly #options: BalanceReadingsOptions;

  constructor(options: BalanceReadingsOptions) {
    this.#options = options;
  }

  /** Before the list's first call. */
  async before(workspace: string): Promise<Balances> {
    const since = this.#options.ports.clock.now();
    return balancesBefore(await this.#readConnections(workspace), since);
  }

  /** After the list; stored with the job. */
  async readAfter({ id, workspace }: Job, signal: AbortSignal): Promise<void> {
    const { accounts, repository, minuteMs, ports } = this.#options;
    const { balances } = await repository.get(id);
    if (!balances) return;
    let compared = balances;
    for (let reading = 1; reading <= BALANCE_READINGS; reading += 1) {
      const since = ports.clock.now();
      compared = withBalancesAfter(balances, await this.#readConnections(workspace, signal), since);
      const isLast = reading === BALANCE_READINGS;
      if (isLast || !lagsBehind({ balances: compared, ...(await accounts.usage(id)) })) break;
      await ports.clock.sleep(Math.min(minuteMs * BALANCE_LAG, BALANCE_LAG_MS), signal);
    }
    await repository.exclusively(id, async () => {
      const job = await repository.get(id);
      await repository.save({ ...job, balances: { ...compared, otherLists: await this.#otherLists(job) } });
    });
  }

  /** The workspace's connections, with what they have left read anew as far as Apollo answers in time. */
  async #readConnections(workspace: string, signal?: AbortSignal): Promise<Connection[]> {
    const { minuteMs, ports, slots } = this.#options;
    const waiting = new AbortController();
    const over = signal ? AbortSignal.any([signal, waiting.signal]) : waiting.signal;
    await Promise.race([slots.refresh(workspace), ports.clock.sleep(minuteMs * BALANCE_WAIT, over)]);
    waiting.abort();
    return await slots.connections(workspace);
  }

  /** Lists of the workspace that ran while this one did. */
  async #otherLists({ id, workspace, startedAt = 0 }: Job): Promise<number> {
    const others = await this.#options.repository.of(workspace);
    return others.filter(
      (other) =>
        other.id !== id &&
        other.startedAt !== undefined &&
        (other.endedAt ?? Number.POSITIVE_INFINITY) > startedAt,
    ).length;
  }
}
