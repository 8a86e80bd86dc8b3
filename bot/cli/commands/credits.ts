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
      const { output, workspace, withDesk } = sessionOf(command);
      const [month, view] = await withDesk(async (desk) => {
        if (monthlyLimit !== undefined) {
          await desk.setMonthlyLimit(workspace, monthlyLimit === 'none' ? undefined : monthlyLimit);
        }
        for (const [slot, limit] of slotLimit) {
          await desk.setSlotLimit(workspace, slot, limit === 'none' ? undefined : limit);
        }
        return [await desk.credits(workspace), await desk.listSlots(workspace)] as const;
      });
      const slots = view.slots.flatMap((slot) => (slot.state === 'connected' ? [slot.connection] : []));
      const left = slots.map(({ slot, label, credits: own }) => ({
        slot,
        label,
        left: own?.left ?? null,
        monthlyLimit: month.slotLimits?.[slot] ?? null,
      }));
      const authors = creditsByAuthor(month.byAuthor ?? {});
      output.result(
        {
          month: new Date().toISOString().slice(0, 7),
          credits: month.credits,
          inDoubtCredits: month.inDoubtCredits,
          bySlot: month.bySlot,
          byAuthor: authors,
          monthlyLimit: month.monthlyLimit ?? null,
          slots: left,
        },
        facts([
          [
            'This month',
            `${count(month.credits)} credits${month.inDoubtCredits > 0 ? `, and at most ${count(month.inDoubtCredits)} in doubt` : ''}`,
          ],
          ...authors.map(
            ({ via, kind, id, credits }) =>
              [
                `By ${kind}`,
                `${count(credits)}  ${oneLine(id, 40)}${via === kind ? '' : ` (${via})`}`,
              ] as const,
          ),
          ['Limit', month.monthlyLimit === undefined ? 'none' : `${count(month.monthlyLimit)} credits`],
          ...left.map(
            ({ slot, label, left: own, monthlyLimit: limit }) =>
              [
                `Slot ${slot}`,
                `${count(month.bySlot[slot] ?? 0)}${limit === null ? '' : ` of at most ${count(limit)}`} spent, ${own === null ? '?' : count(own)} left  ${oneLine(label, 30)}`,
              ] as const,
          ),
        ]),
      );
    });
}
