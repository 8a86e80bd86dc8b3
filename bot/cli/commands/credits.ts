import { type Command, InvalidArgumentError } from 'commander';
import { count } from '../../words.ts';
import { credits } from '../options.ts';
import { facts, oneLine } from '../output.ts';
import { sessionOf } from '../session.ts';

export function addCredits(program: Command): void {
  program
    .command('credits')
    .description("what was spent this month, and what is left; sets the month's limit")
    .option('--monthly-limit <credits>', 'never spend more in a calendar month (UTC); "none" lifts it', limit)
    .action(async ({ monthlyLimit }: { monthlyLimit?: number | 'none' }, command: Command) => {
      const { output, workspace, withDesk } = sessionOf(command);
      const [month, view] = await withDesk(async (desk) => {
        if (monthlyLimit !== undefined) {
          await desk.setMonthlyLimit(workspace, monthlyLimit === 'none' ? undefined : monthlyLimit);
        }
        return [await desk.credits(workspace), await desk.listSlots(workspace)] as const;
      });
      const slots = view.slots.flatMap((slot) => (slot.state === 'connected' ? [slot.connection] : []));
      const left = slots.map(({ slot, label, credits: own }) => ({ slot, label, left: own?.left ?? null }));
      output.result(
        {
          month: new Date().toISOString().slice(0, 7),
          credits: month.credits,
          inDoubtCredits: month.inDoubtCredits,
          bySlot: month.bySlot,
          monthlyLimit: month.monthlyLimit ?? null,
          slots: left,
        },
        facts([
          [
            'This month',
            `${count(month.credits)} credits${month.inDoubtCredits > 0 ? `, and at most ${count(month.inDoubtCredits)} in doubt` : ''}`,
          ],
          ['Limit', month.monthlyLimit === undefined ? 'none' : `${count(month.monthlyLimit)} credits`],
          ...left.map(
            ({ slot, label, left: own }) =>
              [
                `Slot ${slot}`,
                `${count(month.bySlot[slot] ?? 0)} spent, ${own === null ? '?' : count(own)} left  ${oneLine(label, 30)}`,
              ] as const,
          ),
        ]),
      );
    });
}

function limit(text: string): number | 'none' {
  try {
    return text === 'none' ? text : credits(text);
  } catch {
    throw new InvalidArgumentError('Expected credits as a number, such as 5000, or "none".');
  }
}
