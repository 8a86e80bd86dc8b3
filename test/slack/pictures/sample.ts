import { readerFor } from '../../../bot/reader.ts';
import type {
  Connected,
  Connection,
  DirectAnswer,
  JobStatus,
  LimiterStatus,
  ResultRow,
  SlotsView,
  SlotView,
} from '../../../core/index.ts';
import { DEFAULT_OPTIONS, mapColumns } from '../../../core/index.ts';
import { notation, words } from '../../../core/slots/notation.ts';
import { remarksOn } from '../../../core/slots/remarks.ts';

/** A workspace as one meets it after a while, for pictures: made-up people at Contoso and its friends. */
export const NOW = Date.UTC(2026, 10, 23, 9, 4);
export const READER = readerFor('en-US');
const HOUR_MS = 3_600_000;

const SALES: Connection = {
  id: 'sales',
  workspace: 'T1',
  slot: 1,
  kind: 'self',
  label: 'Sales EU',
  last4: 'a1b2',
  team: '5c1f3a0e4b2d9f0017ab34cd',
  teamKnown: true,
  connectedBy: 'U0ADA',
  connectedAt: NOW - 200 * HOUR_MS,
  health: { state: 'healthy' },
  credits: { left: 8_412, limit: 10_000, readAt: NOW },
  limits: { 'people/bulk_match': { minute: { limit: 1_000 } } },
};
const GROWTH: Connection = {
  ...SALES,
  id: 'growth',
  slot: 2,
  label: 'Growth',
  last4: 'c3d4',
  team: '61b07d2c9e8f450013de77f0',
  health: { state: 'limited', until: NOW + 42_000, window: 'minute' },
  credits: { left: 2_960, limit: 4_000, readAt: NOW },
  limits: { 'people/bulk_match': { minute: { limit: 200 } } },
};

function viewOf(...connections: Connection[]): SlotsView {
  const slots: SlotView[] = [1, 2, 3, 4].map((number) => {
    const connection = connections.find(({ slot }) => slot === number);
    return connection
      ? { number, kind: connection.kind, state: 'connected', connection, sharesLimitsWith: [] }
      : { number, kind: number <= 2 ? 'self' : 'dfy', state: 'free', sharesLimitsWith: [] };
  });
  return { workspace: 'T1', notation: notation(slots), words: words(slots), slots };
}

export const HALF_FULL = viewOf(SALES);
export const NEARLY_FULL = viewOf(SALES, GROWTH);

export const CONNECTED: Connected = {
  connection: SALES,
  remarks: remarksOn(SALES, [], [], NOW),
  sharesLimitsWith: [],
  notRead: [],
};

export const LIMITERS: readonly LimiterStatus[] = [
  limiter(SALES.team, 1_000, 412),
  limiter(GROWTH.team, 200, 200),
];

function limiter(team: string, limit: number, used: number): LimiterStatus {
  return { team, endpoint: 'people/bulk_match', windows: [{ window: 'minute', limit, used }] };
}

const HEADERS = ['Name', 'Company', 'Email', 'Website', 'Owner', 'Notes'];
export const SAMPLE = [
  ['Ada Lovelace', 'Contoso', 'ada@contoso.example', 'contoso.example', 'Priya', 'met at the fair'],
  ['Grace Hopper', 'Fabrikam', '', 'fabrikam.example', 'Priya', ''],
  ['Alan Turing', 'Northwind', 'alan@northwind.example', 'northwind.example', 'Sam', 'asked for a demo'],
  ['Katherine Johnson', 'Contoso', '', 'contoso.example', 'Sam', ''],
  ['Edsger Dijkstra', 'Tailspin', 'edsger@tailspin.example', 'tailspin.example', 'Priya', ''],
];

export const LIST: JobStatus = {
  id: 'mfa1k2c90a1b2c3',
  workspace: 'T1',
  name: 'Q4 prospects.xlsx',
  state: 'done',
  kind: 'people',
  createdAt: NOW - 150_000,
  startedAt: NOW - 145_000,
  endedAt: NOW,
  workedMs: 145_000,
  headers: HEADERS,
  source: {},
  mapping: mapColumns(HEADERS, SAMPLE),
  options: { ...DEFAULT_OPTIONS, reveal: { personalEmails: false, phones: true, waterfall: false } },
  creditLimit: 20_000,
  rows: 2_480,
  chunks: 10,
  estimate: {
    rows: 2_480,
    duplicates: 61,
    known: 318,
    skipped: 12,
    lookups: 2_089,
    mostCredits: 18_801,
    seconds: 145,
  },
  counts: {
    duplicates: 61,
    known: 318,
    lookups: 2_089,
    matched: 2_051,
    review: 0,
    unmatched: 414,
    skipped: 12,
    failed: 3,
    emails: 1_902,
    verifiedEmails: 1_764,
    phones: 212,
  },
  finished: 2_480,
  credits: 3_368,
  calls: 209,
  inDoubtCalls: 0,
  inDoubtCredits: 0,
  rateLimited: 0,
  latePending: 96,
  latePeople: 960,
};

/** The same, stopped at a limit that was set too low. */
export const STOPPED: JobStatus = {
  ...LIST,
  state: 'paused',
  reason: 'credit-limit',
  creditLimit: 2_000,
  credits: 1_996,
  finished: 1_240,
  counts: {
    ...LIST.counts,
    lookups: 1_040,
    matched: 1_022,
    unmatched: 209,
    skipped: 6,
    emails: 951,
    verifiedEmails: 882,
    phones: 106,
  },
};

const COMPANY_LIST: JobStatus = {
  ...LIST,
  id: 'mf9zz0b81d4e5f6',
  name: 'accounts.csv',
  kind: 'companies',
  rows: 640,
  finished: 640,
  credits: 602,
  createdAt: NOW - 26 * HOUR_MS,
  options: DEFAULT_OPTIONS,
  counts: { ...LIST.counts, matched: 602, unmatched: 38, failed: 0, phones: 0 },
};
const { creditLimit: _, ...UNLIMITED } = COMPANY_LIST;

export const RECENT: readonly JobStatus[] = [
  { ...LIST, state: 'running', finished: 1_240, credits: 905, counts: { ...LIST.counts, matched: 1_022 } },
  UNLIMITED,
  {
    ...UNLIMITED,
    id: 'mf8aa1c72e5f607',
    name: 'webinar sign-ups.csv',
    kind: 'people',
    state: 'paused',
    reason: 'monthly-limit',
    rows: 210,
    finished: 120,
    credits: 88,
    counts: { ...LIST.counts, matched: 97, unmatched: 23, failed: 0 },
    createdAt: NOW - 50 * HOUR_MS,
  },
];

/** Credits: 3,412 in all, over a month in which people work from Monday to Friday. */
export const BY_DAY: Readonly<Record<string, number>> = {
  2: 120,
  3: 84,
  4: 210,
  6: 45,
  9: 310,
  10: 152,
  11: 96,
  12: 240,
  16: 402,
  17: 188,
  18: 300,
  19: 75,
  20: 285,
  23: 905,
};

const COLUMNS = ['apollo_outcome', 'apollo_email', 'apollo_email_status', 'apollo_phone', 'apollo_title'];
const FOUND = [
  ['matched', 'ada@contoso.example', 'verified', '+44 20 7946 0123', 'VP Engineering'],
  ['matched', 'grace.hopper@fabrikam.example', 'verified', '', 'Chief Technology Officer'],
  ['matched', 'alan@northwind.example', 'verified', '+44 20 7946 0178', 'Head of Research'],
  ['unmatched', '', '', '', ''],
  ['matched', 'edsger@tailspin.example', 'extrapolated', '', 'Software Architect'],
];

/** What was found for the sample, as a list's rows and as a card. */
export function found(): {
  readonly rows: readonly ResultRow[];
  readonly columns: readonly string[];
  readonly card: DirectAnswer;
} {
  const company = {
    id: '5e66b6381e05b4008c8331b8',
    name: 'Contoso',
    domain: 'contoso.example',
    industry: 'information technology & services',
    size: 1_200,
    foundedYear: 1998,
  };
  return {
    columns: COLUMNS,
    rows: SAMPLE.map((cells, row) => ({ row, cells, added: FOUND[row] ?? [] })),
    card: {
      credits: 1,
      calls: 1,
      inDoubtCalls: 0,
      inDoubtCredits: 0,
      rateLimited: 0,
      waitedMs: 0,
      results: [
        {
          outcome: 'matched',
          how: 'lookup',
          company,
          person: {
            id: '54a4a1c57468693fdb7a1c40',
            name: 'Ada Lovelace',
            title: 'VP Engineering',
            email: 'ada@contoso.example',
            emailStatus: 'verified',
            linkedinUrl: 'https://www.linkedin.com/in/ada-lovelace-contoso',
            city: 'London',
            country: 'United Kingdom',
            company,
          },
        },
      ],
    },
  };
}

const [ADA] = found().card.results;

/** An answer that may be about somebody else. */
export const DOUBTFUL: DirectAnswer = {
  ...found().card,
  results: [
    {
      ...ADA,
      outcome: 'review',
      how: 'lookup',
      match: {
        kind: 'conflict',
        reason: 'The last name is another: Lovelace was asked for, Byron was found.',
      },
      ...(ADA?.person && {
        person: { ...ADA.person, name: 'Ada Byron', email: 'ada.byron@contoso.example' },
      }),
    },
  ],
};

/** Apollo does not know whom it was asked for. */
export const UNKNOWN: DirectAnswer = {
  ...found().card,
  credits: 0,
  results: [{ outcome: 'unmatched', how: 'lookup' }],
};
