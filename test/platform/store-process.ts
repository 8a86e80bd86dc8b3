/**
 * A process of its own on a store: `hold` opens it and says so; `write` writes numbered entries, pairs of
 * them atomically, and prints each number once the store has reported it as saved.
 */
import { openStore } from '../../core/node/store.ts';

const [directory = '', task] = process.argv.slice(2);
const say = (line: string) => process.stdout.write(`${line}\n`);

const store = await openStore(directory, { command: 'connectionsphere serve', port: 3000 }).catch(
  (error: Error) => {
    say(`${error.name}: ${error.message}`);
    process.exit(1);
  },
);
say('open');

if (task === 'write') {
  const single = store.collection<number>('single');
  const left = store.collection<number>('left');
  const right = store.collection<number>('right');
  const worker = async (first: number) => {
    for (let number = first; ; number += 4) {
      await single.set(String(number), number);
      say(`single ${number}`);
      await store.atomically(async () => {
        await left.set(String(number), number);
        await right.set(String(number), number);
      });
      say(`pair ${number}`);
    }
  };
  for (const first of [0, 1, 2, 3]) void worker(first);
}
setInterval(() => undefined, 60_000);
