import { parseArgs } from 'node:util';
import { figuresText, measure } from './measure.ts';

/** How many strangers pass as found, and how many right people have to be looked at: `npm run bench:match`. */
const { values } = parseArgs({
  options: {
    leads: { type: 'string', default: '10000' },
    seed: { type: 'string', default: '1' },
    show: { type: 'boolean', default: false },
  },
});

const figures = await measure(Number(values.leads), Number(values.seed));
process.stdout.write(`${figuresText(figures)}\n`);
if (values.show) {
  for (const story of [...figures.strangers, ...figures.reviewed, ...figures.lost])
    process.stdout.write(`${story}\n`);
}
