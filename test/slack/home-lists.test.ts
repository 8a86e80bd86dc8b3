import { expect, test } from 'vitest';
import { connectKey, listOf, reviewOf, startWorld } from './bot.ts';
import { buttonsOf, type Person, textOf } from './person.ts';

const isHome = ({ method }: { method: string }) => method === 'views.publish';

test('Home shows the lists of whoever looks, or all that may be seen, as chosen, also when it is drawn anew by itself', async () => {
  const { ada, root, keys, slack } = await startWorld({ sandbox: { matchRate: 1 } });
  await connectKey(ada, keys.one);
  const start = async (person: Person, name: string) => {
    const from = slack.calls.length;
    await person.submit(await reviewOf(person, await slack.upload(name, listOf(3))));
    return await slack.until(({ method, args }) => isHome({ method }) && textOf(args).includes(name), from);
  };
  const adas = await start(ada, 'adas.csv');
  // Nobody else's are to be seen: there is nothing to choose.
  expect(buttonsOf(adas.args.view as never).map(({ action_id }) => action_id)).not.toContain(
    'home.lists.all',
  );

  await root.event({ type: 'app_home_opened', tab: 'home', channel: 'D1' });
  const mine = await slack.until(({ method, args }) => isHome({ method }) && args.user_id === root.id);
  expect(textOf(mine.args)).toContain('No lists of yours yet');
  const home = (call: typeof mine) => ({ home: (call.answer as { view: never }).view });
  const all = await root.press(home(mine), 'home.lists.all', isHome);
  expect(textOf(all.args)).toContain('adas.csv');
  const redrawn = await start(root, 'roots.csv');
  expect(redrawn.args.user_id).toBe(root.id);
  expect(textOf(redrawn.args)).toContain('adas.csv');
  const again = await root.press(home(redrawn), 'home.lists.mine', isHome);
  expect(textOf(again.args)).toContain('roots.csv');
  expect(textOf(again.args)).not.toContain('adas.csv');
});
