/** How the pacing does where windows are not as Apollo documents them. Prints the table of docs/bench. */
import { WINDOW_MODELS, type WindowModel } from '../sandbox/window-models.ts';
import { HEADER_MODES } from '../sandbox/windows.ts';
import { play, type WindowFigures } from './window-models.ts';

const LIMITS = [20, 60, 200, 1000] as const;
const MINUTES = 12;
const SEEDS = [1, 2, 3] as const;
const LATENCY = { median: 400, p95: 1000 } as const;
/** Calls under way at most, as in core/limits/concurrency.ts. */
const UNDER_WAY = 64;

/**
 * What a client that knows the window can have after the first minute, as a share of the limit. Only windows that each
 * request renews allow less than the limit: a burst of as many as the limit takes its time, and the next begins a whole
 * minute after the last of it. So many bursts begin within the minutes, the first of them in the first minute.
 */
function ceiling(model: WindowModel, limit: number): number {
  if (model !== 'renewed') return 1;
  const cycleMs = 60_000 + (limit * LATENCY.median) / UNDER_WAY;
  return (Math.ceil((MINUTES * 60_000) / cycleMs) - 1) / (MINUTES - 1);
}

const percent = (share: number) => `${(share * 100).toFixed(1)} %`;
console.log(
  `Of ${MINUTES} minutes with work for more: used after the first, of what the model allows / refused; the worst of ${SEEDS.length} seeds. Answers take 400 ms, one in twenty a second.\n`,
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
            latencyMs: LATENCY,
            seed,
          }),
        );
        const worst = (of: (figures: WindowFigures) => number) => runs.map(of);
        const used = Math.min(...worst((run) => run.used)) / ceiling(model, limit);
        const refused = Math.max(...worst((run) => run.refused));
        const gap = Math.max(...worst((run) => run.longestStandstill));
        const bad = used < 0.85 || refused > 0.05 ? ' !!' : '';
        return `${percent(used)} / ${percent(refused)}${gap > 2.5 ? ` (${gap.toFixed(1)} min still)` : ''}${bad}`;
      });
      console.log(`| ${model} | ${headers} | ${retryAfter ? 'yes' : 'no'} | ${cells.join(' | ')} |`);
    }
  }
}
