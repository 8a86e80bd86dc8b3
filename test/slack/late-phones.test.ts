import { parse } from 'csv-parse/sync';
import { expect, test } from 'vitest';
import { connectKey, isProgress, listOf, reviewOf, startWorld } from './bot.ts';
import { textOf } from './person.ts';

/** So long a list waits for phones before it ends without them, ms, and a little more. */
const PATIENCE_MS = 16 * 60_000;

/** Phones are polled for ten seconds after they were asked for, and then as Apollo says, ms. */
const POLLED_WITHIN_MS = 45_000;

test.each([
  { how: 'Apollo posts them', isPublic: true },
  { how: 'they are polled for', isPublic: false },
])(
  'phones that come after the list is done: a reply with the completed file, when $how',
  async ({ isPublic }) => {
    const world = await startWorld({
      isPublic,
      haste: 10,
      sandbox: { matchRate: 1, lateMs: 2_500, allowHttpWebhooks: true },
    });
    const { ada, keys, slack, core, sandbox } = world;
    await connectKey(ada, keys.one);
    const phones = { extras: { extras: { type: 'checkboxes', selected_options: [{ value: 'phones' }] } } };
    await ada.submit(await reviewOf(ada, await slack.upload('leads.csv', listOf(10)), phones));
    await slack.until(isProgress(/running, 100%/));
    world.jump(PATIENCE_MS);
    const told = await slack.until(({ args }) => String(args.text).includes('is done'), 0, POLLED_WITHIN_MS);
    expect(textOf(told.args)).toContain('The completed file follows as a reply');
    const isFile = ({ method }: { method: string }) => method === 'files.completeUploadExternal';
    const first = await slack.until(isFile);
    const seen = slack.calls.length;
    expect(phonesIn(await slack.fileText(fileIdIn(first)))).toEqual([]);
    await expect.poll(() => sandbox.counts().late.pending).toBe(0);
    // The older a request, the longer until it is polled for again.
    world.jump(PATIENCE_MS / 10);

    const reply = await slack.until(
      ({ args }) => /The phones for leads.csv are in/.test(String(args.text)),
      seen,
      POLLED_WITHIN_MS,
    );
    expect(reply.args).toMatchObject({ channel: told.answer.channel, thread_ts: told.answer.ts });
    const completed = await slack.until(isFile, seen);
    expect(completed.args).toMatchObject({ channel_id: told.answer.channel, thread_ts: told.answer.ts });
    const csv = await slack.fileText(fileIdIn(completed));
    const [job] = await core.jobs.list('T000000001');
    const found = phonesIn(csv);
    expect(found.length).toBeGreaterThan(0);
    expect(job?.counts.phones).toBe(found.length);
    expect(textOf(reply.args)).toContain(`${found.length} lead${found.length === 1 ? '' : 's'} with a phone`);
    expect(
      slack.of('chat.postMessage').filter(({ args }) => /are in: /.test(String(args.text))),
    ).toHaveLength(1);
  },
);

/** Of people: the switchboards stand in a column of their own. */
function phonesIn(csv: string): string[] {
  const rows: Record<string, string>[] = parse(csv, { columns: true, bom: true });
  return rows.flatMap(({ apollo_phone }) => apollo_phone || []);
}

function fileIdIn({ answer }: { answer: Record<string, unknown> }): string {
  return (answer as { files: [{ id: string }] }).files[0].id;
}
