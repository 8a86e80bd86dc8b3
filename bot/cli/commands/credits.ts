import type { Core, SlotView } from '@connectionsphere/core';
import type { Command } from 'commander';
import { creditsByAuthor } from '../../audit.ts';
import { count } from '../../words.ts';
import { creditLimit, slotLimits } from '../options.ts';
import { facts, oneLine } from '../output.ts';
import { sessionOf } from '../session.ts';

interface Limits {
  readonly monthlyLimit?: number | 'none';
  readonly slotLimit?: ReadonlyMap<number, number | 'none'>;
}

export function addCredits(program: Command): void {
  program
    .command('credits')
    .description("what was spent this month, and what is left; sets the month's limits")
    .option(
      '--monthly-limit <credits>',
      'never spend more in a calendar month (UTC); "none" lifts it',
      creditLimit,
    )
    .option(
      '--slot-limit <slot=credits>',
      'the same for one slot, such as 2=500 or 2=none; may be repeated',
      slotLimits,
    )
    .action(async ({ monthlyLimit, slotLimit = new Map() }: Limits, command: Command) => {
      const { output, workspace, withCommands } = sessionOf(command);
      const [credits, view] = await withCommands(async (commands) => {
        if (monthlyLimit !== undefined) {
          await commands.setMonthlyLimit(workspace, monthlyLimit === 'none' ? undefined : monthlyLimit);
        }
        for (const [slot, limit] of slotLimit) {
          await commands.setSlotLimit(workspace, slot, limit === 'none' ? undefined : limit);
        }
        return [await commands.credits(workspace), await commands.listSlots(workspace)] as const;
      });
      const month = monthDocument(credits, view.slots);
      output.result(month, monthText(month));
    });
}

/** What was spent in a month, and under which limits. */
type CreditMonth = Awaited<ReturnType<Core['credits']['month']>>;
type MonthDocument = ReturnType<typeof monthDocument>;

function monthDocument(
  { byAuthor = {}, bySlot, credits, inDoubtCredits, monthlyLimit, slotLimits }: CreditMonth,
  slots: readonly SlotView[],
) {
  return {
    month: new Date().toISOString().slice(0, 7),
    credits,
    inDoubtCredits,
    bySlot,
    byAuthor: creditsByAuthor(byAuthor),
    monthlyLimit: monthlyLimit ?? null,
    slots: slots
      .flatMap((slot) => (slot.state === 'connected' ? [slot.connection] : []))
      .map(({ slot, label, credits: own }) => ({
        slot,
        label,
        left: own?.left ?? null,
        monthlyLimit: slotLimits?.[slot] ?? null,
      })),
  };
}

function monthText({
  byAuthor,
  bySlot,
  credits,
  inDoubtCredits,
  monthlyLimit,
  slots,
}: MonthDocument): string {
  const inDoubt = inDoubtCredits > 0 ? `, and at most ${count(inDoubtCredits)} in doubt` : '';
  return facts([
    ['This month', `${count(credits)} credits${inDoubt}`],
    ...byAuthor.map(
      ({ via, kind, id, credits: spent }) =>
        [`By ${kind}`, `${count(spent)}  ${oneLine(id, 40)}${via === kind ? '' : ` (${via})`}`] as const,
    ),
    ['Limit', monthlyLimit === null ? 'none' : `${count(monthlyLimit)} credits`],
    ...slots.map(({ slot, label, left, monthlyLimit: limit }) => {
      const most = limit === null ? '' : ` of at most ${count(limit)}`;
      const spent = `${count(bySlot[slot] ?? 0)}${most} spent`;
      return [
        `Slot ${slot}`,
        `${spent}, ${left === null ? '?' : count(left)} left  ${oneLine(label, 30)}`,
      ] as const;
    }),
  ]);
}
