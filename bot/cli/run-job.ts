import type { Core, Job, JobStatus } from '@connectionsphere/core';
import { type Writing, writeJob } from '../list-file.ts';
import { plural } from '../words.ts';
import { jobDocument, jobText } from './job-report.ts';
import { type OwnListSource, writingTo } from './list-source.ts';
import type { Output } from './output.ts';
import { progressShow, withProgress } from './progress.ts';
import type { Session } from './session.ts';
import { endWithoutStore } from './store-watch.ts';

/**
 * Runs a prepared or paused job to its end or next pause, writes the list as far as it is, and reports. For one that
 * has ended, phones that came since are fetched, and it is written again: its process may have died between the last
 * row and the file. Exits with 1 when rows are left. Ctrl-C pauses cleanly; a second one ends the process at once,
 * which loses nothing either, but leaves the calls under way in doubt.
 */
export async function runJob({ output }: Session, core: Core, id: string, out: string): Promise<void> {
  const before = await core.jobs.status(id);
  const status =
    before?.state === 'done'
      ? await withLatePhones(output, core, before)
      : await interruptible(output, core, id);
  await writeJob(core, status, out, writingOf(status, out));
  output.result(jobDocument(status, out), jobText(status, out));
  if (status.state !== 'done') process.exitCode = 1;
}

/** How a list is written to a file of this name, with what was said of it when it was begun. */
function writingOf({ source }: Job, out: string): Writing {
  const { preset, guard } = source as OwnListSource;
  return { ...writingTo(out), preset, guard };
}

/** Fetches what is still to come of a list that has ended; Ctrl-C writes what is there. */
async function withLatePhones(output: Output, core: Core, before: JobStatus): Promise<JobStatus> {
  if (before.latePending === 0) return before;
  const { id, latePeople } = before;
  const show = progressShow();
  show.say(
    `Fetching phones of up to ${plural(latePeople, 'person', 'people')}, as fast as Apollo lets them be asked for. Press Ctrl-C to write what is there.`,
  );
  const over = new AbortController();
  const end = () => {
    over.abort();
    endWithoutStore(output, () => core.jobs.status(id));
  };
  process.on('SIGINT', end).on('SIGTERM', end);
  try {
    return await core.jobs.collectLate(id, over.signal);
  } finally {
    process.off('SIGINT', end).off('SIGTERM', end);
  }
}

async function interruptible(output: Output, core: Core, id: string): Promise<JobStatus> {
  const show = progressShow();
  let asked = false;
  const pause = (reason?: 'shutdown') => {
    void core.jobs.pause(id, reason);
    endWithoutStore(output, () => core.jobs.status(id));
  };
  const onInterrupt = () => {
    if (asked) process.exit(1);
    asked = true;
    show.say(`Pausing ${id}: waiting for the calls in flight. Press Ctrl-C again to end at once.`);
    pause();
  };
  const onTerminate = () => pause('shutdown');
  process.on('SIGINT', onInterrupt).on('SIGTERM', onTerminate);
  try {
    await core.jobs.start(id);
    return await withProgress(core, id, show);
  } finally {
    process.off('SIGINT', onInterrupt).off('SIGTERM', onTerminate);
  }
}
