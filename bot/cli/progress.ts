import type { Core, JobStatus } from '@connectionsphere/core';
import { Presets, SingleBar } from 'cli-progress';
import { leadsPerMinute, Pace } from '../pace.ts';
import { count, duration } from '../words.ts';
import { waitingText } from './job-report.ts';

const REDRAW_MS = 200;
const LINE_EVERY_MS = 10_000;
const CLEAR_LINE = '\u001B[2K';

/** Shows how a job moves until it is settled. */
export async function withProgress(core: Core, id: string, show: Show): Promise<JobStatus> {
  const pace = new Pace();
  const timer = setInterval(async () => {
    const status = await core.jobs.status(id).catch(() => undefined);
    if (status?.state !== 'running') return;
    pace.saw(status);
    show.update(status, figures(status, pace));
  }, show.everyMs);
  try {
    const settled = await core.jobs.settled(id);
    show.end(settled, figures(settled, pace));
    return settled;
  } finally {
    clearInterval(timer);
  }
}

/** Where progress is shown, on standard error: a bar on a terminal, lines in a log. */
export interface Show {
  readonly everyMs: number;
  /** A sentence on a line of its own, above the bar. */
  say(text: string): void;
  update(status: JobStatus, figures: string): void;
  end(status: JobStatus, figures: string): void;
}

export function progressShow(): Show {
  return process.stderr.isTTY ? bar() : lines();
}

function bar(): Show {
  const single = new SingleBar(
    {
      stream: process.stderr,
      format: '{bar} {percentage} %  {value}/{total}  {figures}',
      hideCursor: true,
      barsize: 24,
      // Words are ours; the library only draws.
      autopadding: true,
      linewrap: false,
      gracefulExit: false,
      stopOnComplete: false,
      noTTYOutput: false,
    },
    Presets.rect,
  );
  let started = false;
  const draw: Show['update'] = (status, text) => {
    if (started) single.update(status.finished, { figures: text });
    else single.start(status.rows, status.finished, { figures: text });
    started = true;
  };
  return {
    everyMs: REDRAW_MS,
    // The bar is drawn again on the next line.
    say: (text) => void process.stderr.write(`\r${CLEAR_LINE}${text}\n`),
    update: draw,
    end: (status, text) => {
      draw(status, text);
      single.stop();
    },
  };
}

function lines(): Show {
  const say: Show['say'] = (text) => void process.stderr.write(`${text}\n`);
  const update: Show['update'] = ({ finished, rows }, text) =>
    say(`${count(finished)}/${count(rows)} rows, ${text}`);
  return { everyMs: LINE_EVERY_MS, say, update, end: update };
}

function figures(status: JobStatus, pace: Pace): string {
  const { finished, rows, credits, rateLimited, latePending } = status;
  const perMinute = leadsPerMinute(status);
  const parts = perMinute === undefined ? [] : [`${count(perMinute)} leads/min`];
  if (finished < rows) {
    const leftMs = pace.leftMs(status);
    if (status.waiting) parts.push(waitingText(status.waiting));
    parts.push(leftMs === undefined ? 'time left unknown' : `${duration(leftMs / 1000)} left`);
  } else if (latePending > 0) parts.push('waiting for phones');
  parts.push(`${count(credits)} credits`, `${count(rateLimited)} × 429`);
  return parts.join(', ');
}
