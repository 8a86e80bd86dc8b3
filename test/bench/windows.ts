/** How the pacing does where windows are not as Apollo documents them. Prints the table of docs/bench. */
import { WINDOW_MODELS } from '../sandbox/window-models.ts';
import { HEADER_MODES } from '../sandbox/windows.ts';
import { play, type WindowFigures } from './window-models.ts';

const LIMITS = [20, 60, 200, 1000] as const;
const MINUTES = 12;
const SEEDS = [1] as const;

const percent = (share: number) => `${(share * 100).toFixed(1)} %`;
console.log(
  `Of ${MINUTES} minutes with work for more: used after the first / refused. Answers take 400 ms, one in twenty a second.\n`,
);
console.log(`| window | headers | retry-after | ${LIMITS.map((limit) => `${limit} a minute`).join(' | ')} |`);
console.log(`| --- | --- | --- | ${LIMITS.map(() => '---').join(' | ')} |`);
for (const model of WINDOW_MODELS) {
  for (const headers of HEADER_MODES) {
    for (const retryAfter of [true, false]) {
      const cells = LIMITS.map((limit) => {
        const runs = SEEDS.map((seed) =>
          play({
            model,
            headers,
            retryAfter,
            limit,
            known: headers === 'half',
            minutes: MINUTES,
            latencyMs: { median: 400, p95: 1000 },
            seed,
          }),
        );
        const worst = (of: (figures: WindowFigures) => number) => runs.map(of);
        const used = Math.min(...worst((run) => run.used));
        const refused = Math.max(...worst((run) => run.refused));
        const gap = Math.max(...worst((run) => run.longestStandstill));
        const bad = used < 0.85 || refused > 0.05 ? ' !!' : '';
        return `${percent(used)} / ${percent(refused)}${gap > 2.5 ? ` (${gap.toFixed(1)} min still)` : ''}${bad}`;
      });
      console.log(`| ${model} | ${headers} | ${retryAfter ? 'yes' : 'no'} | ${cells.join(' | ')} |`);
    }
  }
}
