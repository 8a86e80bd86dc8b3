import type { HomeView, KnownBlock, ModalView } from '@slack/types';
import { cardMessage, sharedCard } from '../../../bot/slack/messages/card.ts';
import { creditsMessage } from '../../../bot/slack/messages/credits.ts';
import { doneMessage } from '../../../bot/slack/messages/done.ts';
import { fileOffer } from '../../../bot/slack/messages/file-offer.ts';
import { helpMessage } from '../../../bot/slack/messages/help.ts';
import { jobMessage, jobsMessage } from '../../../bot/slack/messages/jobs.ts';
import {
  pausedNotice,
  phonesNotice,
  scheduleNotice,
  slotNotice,
} from '../../../bot/slack/messages/notifications.ts';
import { progressMessage } from '../../../bot/slack/messages/progress.ts';
import { readyMessage } from '../../../bot/slack/messages/ready.ts';
import { refusedFile } from '../../../bot/slack/messages/refused-file.ts';
import { resultLinkMessage } from '../../../bot/slack/messages/result-link.ts';
import { slotsMessage } from '../../../bot/slack/messages/slots.ts';
import { tokenMessage } from '../../../bot/slack/messages/token.ts';
import { lookUpOffer, welcomeMessage } from '../../../bot/slack/messages/written.ts';
import {
  CONNECT_FIELDS,
  checkingView,
  connectedView,
  connectView,
} from '../../../bot/slack/views/connect.ts';
import { decisionsView } from '../../../bot/slack/views/decisions.ts';
import { enrichView } from '../../../bot/slack/views/enrich.ts';
import { homeView } from '../../../bot/slack/views/home.ts';
import { jobLimitView } from '../../../bot/slack/views/job-limit.ts';
import { monthlyLimitView } from '../../../bot/slack/views/monthly-limit.ts';
import { reviewView } from '../../../bot/slack/views/review.ts';
import { scheduleView } from '../../../bot/slack/views/schedule.ts';
import { settingsView } from '../../../bot/slack/views/settings.ts';
import { shareCardView } from '../../../bot/slack/views/share-card.ts';
import { KeyRefused } from '../../../core/apollo/errors.ts';
import { KeyRefusedByApollo, type Schedule } from '../../../core/index.ts';
import {
  BY_DAY,
  CONNECTED,
  DOUBTFUL,
  found,
  HALF_FULL,
  LIMITERS,
  LIST,
  NEARLY_FULL,
  NOW,
  READER,
  RECENT,
  SAMPLE,
  STOPPED,
  UNKNOWN,
} from './sample.ts';

/** Something that the bot shows, and where Slack shows it. */
export type Scene = {
  readonly name: string;
  /** CSS pixels, where Slack's usual width shows too little. */
  readonly width?: number;
} & (
  | {
      readonly surface: 'message';
      readonly posts: readonly { readonly blocks?: readonly KnownBlock[]; readonly file?: string }[];
      readonly ephemeral?: boolean;
    }
  | {
      readonly surface: 'modal';
      readonly view: ModalView;
      /** Mistakes at their fields, by block id. */
      readonly errors?: Readonly<Record<string, string>>;
    }
  | { readonly surface: 'home'; readonly view: HomeView }
);

const slots = { view: NEARLY_FULL, limiters: LIMITERS, reader: READER, now: NOW, runningJobs: 1 };
const month = {
  credits: 3_412,
  inDoubtCredits: 0,
  bySlot: { 1: 2_204, 2: 1_208 },
  byDay: BY_DAY,
  monthlyLimit: 10_000,
  slotLimits: { 2: 2_000 },
};
const review = {
  name: LIST.name,
  rows: LIST.rows,
  mapping: LIST.mapping,
  sample: SAMPLE,
  memo: { job: LIST.id },
  reader: READER,
};
/** With what Apollo says is left. */
const ESTIMATED = {
  ...LIST,
  estimate: { ...LIST.estimate, expectedCredits: 4_310, creditsLeft: 11_372 },
};
const WEEKLY: Schedule = {
  job: LIST.id,
  workspace: 'T1',
  every: 'week',
  olderThanDays: 30,
  setAt: NOW,
  nextAt: NOW + 7 * 86_400_000,
};
const FILE = { id: 'F0Q4', name: LIST.name };
const asked = cardMessage('ada@contoso.example', found().card, READER);
/** As others get to see it. */
const CARD = {
  text: asked.text,
  blocks: asked.blocks.filter(({ type }) => type !== 'actions' && type !== 'context'),
};
const supportUrl = 'https://support.contoso.example/apollo';

/** What documents show, in the order in which people meet it. */
export const SCENES: readonly Scene[] = [
  { name: 'help', surface: 'message', ephemeral: true, posts: [helpMessage()] },
  { name: 'connect', surface: 'modal', view: connectView({ view: HALF_FULL }) },
  {
    name: 'connect-page',
    surface: 'modal',
    view: connectView({ view: HALF_FULL, page: 'https://apollo.contoso.example/once' }),
  },
  { name: 'connect-checking', surface: 'modal', view: checkingView() },
  {
    name: 'connect-mistake',
    surface: 'modal',
    view: connectView({ view: HALF_FULL, label: 'Sales US' }),
    errors: {
      [CONNECT_FIELDS.key.block]: new KeyRefusedByApollo(new KeyRefused('', 'users/api_profile')).message,
    },
  },
  { name: 'connected', surface: 'modal', view: connectedView(CONNECTED, HALF_FULL, READER) },
  {
    name: 'slots',
    surface: 'message',
    ephemeral: true,
    posts: [slotsMessage({ ...slots, view: HALF_FULL, supportUrl })],
  },
  { name: 'welcome', surface: 'message', posts: [welcomeMessage()] },
  { name: 'offer', surface: 'message', ephemeral: true, posts: [fileOffer(FILE)] },
  { name: 'enrich', surface: 'modal', view: enrichView({}) },
  { name: 'enrich-file', surface: 'modal', view: enrichView({ file: FILE, noKey: true }) },
  { name: 'review', surface: 'modal', view: reviewView({ ...review, job: ESTIMATED }) },
  {
    name: 'ready',
    surface: 'message',
    posts: [readyMessage(ESTIMATED, READER), lookUpOffer('ada@contoso.example', 1, READER)],
  },
  {
    name: 'progress',
    surface: 'message',
    posts: [
      progressMessage({
        status: { ...LIST, state: 'running', finished: 1_240, credits: 905, workedMs: 74_000 },
        slots: NEARLY_FULL,
        limiters: LIMITERS,
        reader: READER,
        leftMs: 71_000,
      }),
    ],
  },
  {
    name: 'done',
    width: 1020,
    surface: 'message',
    posts: [
      doneMessage({ status: LIST, reader: READER, ...found() }),
      { file: 'Q4 prospects-enriched.xlsx' },
    ],
  },
  {
    name: 'notices',
    surface: 'message',
    posts: [
      phonesNotice(LIST, READER),
      pausedNotice(STOPPED, READER),
      ...[
        slotNotice(
          { id: 'e', at: NOW, workspace: 'T1', slot: 1, type: 'slot.credits-low', left: 840, limit: 10_000 },
          NEARLY_FULL,
          READER,
        ),
      ].filter((notice) => notice !== undefined),
      ...(['schedule.missed', 'schedule.ended'] as const).map((type) =>
        scheduleNotice(
          {
            id: 'e',
            at: NOW,
            workspace: 'T1',
            type,
            job: LIST.id,
            why:
              type === 'schedule.missed'
                ? 'The run before it was not over.'
                : 'No Apollo key is connected any more.',
          },
          type === 'schedule.missed' ? { ...LIST, schedule: WEEKLY } : LIST,
        ),
      ),
    ],
  },
  {
    name: 'card',
    surface: 'message',
    ephemeral: true,
    posts: [cardMessage('ada@contoso.example', found().card, READER)],
  },
  {
    name: 'card-doubt',
    surface: 'message',
    ephemeral: true,
    posts: [
      cardMessage('Ada Lovelace at Contoso', DOUBTFUL, READER),
      cardMessage('grace@fabrikam.example', UNKNOWN, READER),
      cardMessage('alan@northwind.example', { ...UNKNOWN, results: [], stopped: 'no-slot' }, READER),
    ],
  },
  {
    name: 'card-share',
    surface: 'modal',
    view: shareCardView('ada@contoso.example', CARD.blocks),
  },
  { name: 'card-shared', surface: 'message', posts: [sharedCard(CARD, 'U0ADA')] },
  {
    name: 'refused',
    surface: 'message',
    posts: [
      refusedFile(
        LIST,
        'Uploads are switched off in this Slack workspace. An admin of Slack can allow them.',
        true,
      ),
      resultLinkMessage(LIST, 'https://apollo.contoso.example/once'),
    ],
  },
  {
    name: 'list',
    surface: 'message',
    ephemeral: true,
    posts: [
      jobMessage({ ...STOPPED, state: 'cancelled' }, READER, {
        note: 'Cancelled. What was found so far stays. *Resume* takes it up again where it was.',
      }),
      jobMessage({ ...LIST, schedule: WEEKLY }, READER, { shared: false }),
    ],
  },
  { name: 'schedule', surface: 'modal', view: scheduleView({ ...LIST, schedule: WEEKLY }) },
  {
    name: 'token',
    surface: 'message',
    ephemeral: true,
    posts: [
      tokenMessage(
        {
          id: '1',
          workspace: 'T1',
          name: 'n8n',
          scopes: ['enrich', 'read', 'hooks', 'forget'],
          createdAt: NOW,
          secret: '',
        },
        'https://apollo.contoso.example/once',
      ),
    ],
  },
  { name: 'jobs', surface: 'message', ephemeral: true, posts: [jobsMessage(RECENT, 0, READER)] },
  {
    name: 'credits',
    surface: 'message',
    ephemeral: true,
    posts: [creditsMessage({ month, view: NEARLY_FULL, jobs: RECENT, reader: READER, now: NOW })],
  },
  {
    name: 'limit',
    surface: 'modal',
    view: jobLimitView(STOPPED, READER),
  },
  {
    name: 'monthly-limits',
    surface: 'modal',
    view: monthlyLimitView(month, NEARLY_FULL),
  },
  {
    name: 'settings',
    surface: 'modal',
    view: settingsView({
      month,
      view: NEARLY_FULL,
      settings: {
        allowed: {
          connect: 'admins',
          disconnect: { people: [] },
          enrich: 'everyone',
          forget: 'admins',
          limits: 'admins',
          tokens: 'admins',
        },
        notifications: 'C0SALESOPS',
        personCredits: 2_000,
      },
    }),
  },
  {
    name: 'decisions',
    surface: 'modal',
    view: decisionsView({
      job: LIST.id,
      name: LIST.name,
      page: 0,
      reader: READER,
      note: ':white_check_mark: Row 12 accepted.',
      undo: { row: 12, verdict: 'reject' },
      reviews: [
        {
          row: 41,
          outcome: 'review',
          reason: 'The last name is another: Lovelace was asked for, Byron was found.',
          asked: { name: 'Ada Lovelace', company: 'Contoso', domain: 'contoso.example' },
          answered: {
            name: 'Ada Byron',
            title: 'VP Engineering',
            company: 'Contoso',
            domain: 'contoso.example',
            email: 'ada.byron@contoso.example',
            linkedinUrl: 'https://www.linkedin.com/in/ada-byron',
          },
        },
        {
          row: 207,
          outcome: 'review',
          reason: 'The company is another: Fabrikam was asked for, Northwind was found.',
          asked: { name: 'Grace Hopper', company: 'Fabrikam' },
          answered: { name: 'Grace Hopper', title: 'Chief Technology Officer', company: 'Northwind' },
        },
      ],
    }),
  },
  {
    name: 'home',
    surface: 'home',
    view: homeView({
      ...slots,
      supportUrl,
      month,
      jobs: RECENT.map((job, at) => (at === 1 ? { ...job, schedule: WEEKLY } : job)),
      mine: RECENT.slice(0, 2),
      lists: 'all',
      hasPage: true,
    }),
  },
];
