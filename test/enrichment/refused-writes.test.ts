import { expect, test } from 'vitest';
import { untilTaken } from '../../core/refused-writes.ts';
import { VirtualClock } from '../limits/virtual-clock.ts';

class Refused extends Error {
  override readonly name = 'RedisRefused';
}

function open() {
  const clock = new VirtualClock();
  const logged: string[] = [];
  const write = (message: string) => void logged.push(message);
  return { clock, logged, log: { debug: write, info: write, warn: write, error: write } };
}

test('what only this process can give back is given back when the store takes it again', async () => {
  const { clock, log, logged } = open();
  let refusals = 5;
  let isOver = false;
  const given = untilTaken({ clock, log }, 'It could not be given back', async () => {
    refusals -= 1;
    if (refusals >= 0) throw new Refused('full');
  }).then(() => {
    isOver = true;
  });
  await clock.advance(1_000);
  expect(isOver).toBe(false);
  await clock.advance(10_000);
  await given;
  // Said once, however long it takes.
  expect(logged).toEqual(['It could not be given back; it is tried again']);
});

test('what fails for good is not tried for ever', async () => {
  const { clock, log, logged } = open();
  let times = 0;
  await untilTaken({ clock, log }, 'It could not be given back', async () => {
    times += 1;
    throw new Error('the connection is closed');
  });
  expect(times).toBe(1);
  expect(logged).toEqual(['It could not be given back']);
});
