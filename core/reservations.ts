import pLimit from 'p-limit';
import type { Counters, CreditAccount, Reservations, Store } from './ports.ts';

/** Counters of the credits that are kept aside whatever happens to a process, by {@link accountName}. */
export const HELD = 'held';

/** Adding fractions leaves something behind; Apollo's credits have four decimals at most. */
export const ROUNDING = 0.00001;

/** Under which credits are set aside in an account. */
export function accountName({ counters, key }: Pick<CreditAccount, 'counters' | 'key'>): string {
  return `${counters}/${key}`;
}

/** See `Reservations.hold`. */
export async function holdIn(
  held: Counters,
  accounts: readonly CreditAccount[],
  credits: number,
): Promise<void> {
  await Promise.all(accounts.map((account) => held.add(accountName(account), { credits })));
}

/** Reservations of the only process: in its memory, but for what is held, which is in the store. */
export function createReservations(store: Store): Reservations {
  const held = store.counters(HELD);
  const reserved = new Map<string, number>();
  /** One after the other, so that nothing is spent or given back between what one reads and what it sets aside. */
  const inOrder = pLimit(1);
  const set = (account: CreditAccount, change: number) => {
    const name = accountName(account);
    const sum = (reserved.get(name) ?? 0) + change;
    if (sum > ROUNDING) reserved.set(name, sum);
    else reserved.delete(name);
  };
  /** Credits that may be set aside, and those that may be once all that is set aside is given back. */
  const room = async (account: CreditAccount): Promise<{ free: number; most: number }> => {
    const { limit, counters, key } = account;
    if (limit === undefined) return { free: Number.POSITIVE_INFINITY, most: Number.POSITIVE_INFINITY };
    const name = accountName(account);
    const [{ credits = 0, inDoubtCredits = 0 }, kept] = await Promise.all([
      store.counters(counters).get(key),
      held.get(name),
    ]);
    const most = limit - credits - inDoubtCredits + ROUNDING;
    return { free: most - (kept.credits ?? 0) - (reserved.get(name) ?? 0), most };
  };
  return {
    reserve: (accounts, each, most) =>
      inOrder(async () => {
        const rooms = await Promise.all(accounts.map(room));
        const times = Math.min(most, ...rooms.map(({ free }) => (each > 0 ? Math.floor(free / each) : most)));
        if (times < 1) return { times: 0, never: rooms.some(({ most: possible }) => possible < each) };
        for (const account of accounts) set(account, times * each);
        return { times, never: false };
      }),
    release: (accounts, credits) =>
      inOrder(() => {
        for (const account of accounts) set(account, -credits);
      }),
    // They are in the memory of this process, and end with it.
    unsettled: async () => [],
    settle: async () => undefined,
    hold: (accounts, credits) => holdIn(held, accounts, credits),
  };
}
