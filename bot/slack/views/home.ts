import type { JobStatus } from '@connectionsphere/core';
import type { Button, HomeView } from '@slack/types';
import { ACTION } from '../action-ids.ts';
import { actions, button, context, divider, header, moment, section } from '../blocks.ts';
import { type CreditsModel, creditsBlocks } from '../messages/credits.ts';
import { isStarted, jobLine } from '../messages/jobs.ts';
import { type SlotsModel, slotBlocks } from '../messages/slots.ts';
import type { HomeLists } from '../people/home-choices.ts';

const MOST_JOBS = 8;

export interface HomeModel extends SlotsModel, CreditsModel {
  /** Of `jobs`, which are all that the person may see. */
  readonly mine: readonly JobStatus[];
  /** Which of them are shown. */
  readonly lists: HomeLists;
  /** Whether people can open the page from where they are. */
  readonly hasPage: boolean;
}

/** For somebody who may not use the bot: `why` says it. */
export function refusedHomeView(why: string): HomeView {
  return { type: 'home', blocks: [section(why)] };
}

/** Slots, lists and credits at a glance, everything a button away. */
export function homeView(model: HomeModel): HomeView {
  const { jobs, mine, reader } = model;
  const all = jobs.filter(isStarted);
  const own = mine.filter(isStarted);
  const others = all.length - own.length;
  const started = model.lists === 'all' ? all : own;
  const unfinished = started.filter(({ state }) => state === 'running' || state === 'paused');
  const recent = started.filter((job) => !unfinished.includes(job));
  const lists = [...unfinished, ...recent].slice(0, MOST_JOBS);
  return {
    type: 'home',
    blocks: [
      ...actions(
        button({ text: 'Enrich a list', action: ACTION.enrich, style: 'primary' }),
        ...(model.hasPage ? [button({ text: 'Open the page', action: ACTION.pageLink })] : []),
        button({ text: 'Refresh', action: ACTION.refreshSlots }),
        button({ text: 'Settings', action: ACTION.settings }),
        button({ text: 'Help', action: ACTION.help }),
      ),
      ...(model.note ? [section(model.note)] : []),
      ...slotBlocks(model),
      divider,
      header('Lists'),
      // Where nobody else's lists are to be seen there is nothing to choose.
      ...(others > 0 ? actions(choice('mine', model.lists), choice('all', model.lists)) : []),
      ...(lists.length > 0
        ? lists.map((job) => jobLine(job, reader))
        : [
            section(
              `${others > 0 ? 'No lists of yours yet.' : 'No lists yet.'} Press *Enrich a list* above, or send me a file in a direct message.`,
            ),
          ]),
      ...(all.length > lists.length
        ? actions(button({ text: 'All lists', action: ACTION.jobsPage, value: '0' }))
        : []),
      divider,
      ...creditsBlocks(model),
      context(`As of ${moment(model.now)}`),
    ],
  };
}

function choice(lists: HomeLists, chosen: HomeLists): Button {
  return button({
    text: lists === 'mine' ? 'Mine' : 'All',
    action: `${ACTION.homeLists}.${lists}`,
    value: lists,
    ...(lists === chosen && { style: 'primary' as const }),
  });
}
