import {
  DEEDS,
  LEAD_FIELDS,
  OUTCOMES,
  PRESETS,
  SCHEDULE_MOST_DAYS,
  SCHEDULE_PERIODS,
} from '@connectionsphere/core';
import { z } from 'zod';
import { HOOK_EVENTS } from '../hooks/hooks.ts';
import { PROBLEMS, type ProblemCode } from './problems.ts';
import { SCOPES } from './tokens.ts';

/** The media type of an Excel workbook. */
export const XLSX_TYPE = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';

/** Shapes with a name in the OpenAPI document. */
export const named = z.registry<{ id: string; description?: string }>();

const time = z.iso.datetime().describe('ISO 8601, UTC');
const credits = z.number().min(0).describe('Credits; may be fractional');
const count = z.int().min(0);

const FIELD_NOTES: Record<(typeof LEAD_FIELDS)[number], string> = {
  apollo_id: "Apollo's id of the person",
  linkedin_url: 'Address of the LinkedIn profile',
  email: 'E-mail address',
  hashed_email: 'MD5 or SHA-256 of the e-mail address, hex',
  first_name: 'First name',
  last_name: 'Last name',
  name: 'Whole name, where first and last are not known apart',
  company: "Company's name",
  domain: "Company's domain or website",
  company_linkedin_url: "Address of the company's LinkedIn page",
};

/** Who had something done. */
const actor = {
  kind: z.enum(['person', 'token', 'operator', 'command-line', 'server']),
  id: z.string().describe("Slack's id of a person, a token's id, the name of a user of the machine"),
  via: z.enum(['slack', 'api', 'page', 'link', 'command-line', 'server']),
};

const cell = z.string().max(2000);
type LeadField = (typeof LEAD_FIELDS)[number];

/** `linkedin_url` as it is called in answers: `linkedinUrl`. */
const nameInAnswers = (field: string) => field.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());

const leadSchema = z
  .strictObject(
    Object.fromEntries(
      LEAD_FIELDS.flatMap((field) => {
        const described = cell.describe(FIELD_NOTES[field]).optional();
        const other = nameInAnswers(field);
        return other === field
          ? [[field, described]]
          : [
              [other, described],
              [field, cell.describe(`The same as ${other}`).optional()],
            ];
      }),
    ) as Record<string, z.ZodOptional<z.ZodString>>,
  )
  .transform((lead) => {
    const fields = LEAD_FIELDS.map((field) => [field, lead[field] ?? lead[nameInAnswers(field)]] as const);
    return Object.fromEntries(fields.filter(([, value]) => value !== undefined)) as Partial<
      Record<LeadField, string>
    >;
  })
  .register(named, { id: 'Lead', description: 'What is known of a person or a company.' });

const days = z.number().min(0).max(3650);
const optionsSchema = z
  .strictObject({
    personalEmails: z.boolean().optional().describe('Private e-mail addresses as well'),
    phones: z
      .boolean()
      .optional()
      .describe('Phone numbers as well: 8 credits more for each person with a mobile; they come later'),
    waterfall: z.boolean().optional().describe('Ask the vendors set up in the Apollo account as well'),
    company: z.boolean().optional().describe('More about each employer: up to 1 credit per company'),
    fresh: z.boolean().optional().describe('Ask again for what is known already'),
    matchedDays: days.optional().describe('How old a known match may be; 90 unless given'),
    unmatchedDays: days.optional().describe('How old a known miss may be; 14 unless given'),
    creditLimit: credits.optional().describe('Never spend more'),
  })
  .register(named, { id: 'Options' });
export type Options = z.infer<typeof optionsSchema>;

/** Leads that are answered at once. */
const MOST_DIRECT_LEADS = 100;
/** Leads of a job in one JSON body; longer lists come as a stream. */
const MOST_JSON_LEADS = 25_000;

export const enrichSchema = z
  .strictObject({
    leads: z.array(leadSchema).min(1).max(MOST_DIRECT_LEADS),
    options: optionsSchema.optional(),
  })
  .register(named, { id: 'EnrichRequest' });

const callbackUrl = z
  .url({ protocol: /^https?$/ })
  .max(2000)
  .describe('Told when the job has finished, pauses, or its phones arrive after its end');
const name = z.string().trim().min(1).max(200);

export const jobSchema = z
  .strictObject({
    leads: z.array(leadSchema).min(1).max(MOST_JSON_LEADS),
    kind: z.enum(['people', 'companies']).optional().describe('People unless the leads name only companies'),
    name: name.optional(),
    options: optionsSchema.optional(),
    callbackUrl: callbackUrl.optional(),
    start: z.boolean().optional().describe('False: only prepare and estimate'),
  })
  .register(named, { id: 'JobRequest' });

const flag = z.enum(['true', 'false']).transform((text) => text === 'true');
const amount = (schema: z.ZodNumber) => z.coerce.number().pipe(schema);
const several = z.union([z.string(), z.array(z.string())]).transform((value) => [value].flat());

const reviewRows = z.array(z.int().min(0)).max(10_000).default([]);
/** Decisions about answers that contradict what was asked. */
export const decisionsSchema = z
  .strictObject({
    accept: reviewRows.describe('Rows whose answer is the right one, counted from 0'),
    reject: reviewRows.describe('Rows whose answer is about another person'),
  })
  .refine(({ accept, reject }) => accept.length + reject.length > 0, 'name a row to accept or to reject')
  .refine(({ accept, reject }) => !accept.some((row) => reject.includes(row)), 'a row is in both lists')
  .register(named, { id: 'Decisions' });

/** The same as the JSON form, for lists that come as a stream. */
export const jobQuerySchema = z.strictObject({
  name: name.optional(),
  personalEmails: flag.optional(),
  phones: flag.optional(),
  waterfall: flag.optional(),
  company: flag.optional(),
  fresh: flag.optional(),
  matchedDays: amount(days).optional(),
  unmatchedDays: amount(days).optional(),
  creditLimit: amount(credits).optional(),
  callbackUrl: callbackUrl.optional(),
  start: flag.optional(),
  map: several.optional().describe('field=Header, as in email=Contact; may be repeated'),
  kind: z
    .enum(['people', 'companies'])
    .optional()
    .describe(
      'What the list is one of; recognised unless given, and asked for (kind-unclear) where that is not clear',
    ),
  header: flag.optional().describe('Whether the first row names the columns; recognised unless given'),
  headerRow: amount(z.int().min(1).max(1000))
    .optional()
    .describe('The row that names the columns, counted from 1, blank rows included'),
  encoding: z
    .string()
    .max(40)
    .optional()
    .describe('Of the text, where it is recognised wrongly: windows-1251, shift_jis …'),
  sheet: z
    .string()
    .max(100)
    .optional()
    .describe('Of a workbook: its name, or number from 1; the fitting one unless given'),
  delimiter: z
    .enum(['comma', 'semicolon', 'tab', 'pipe'])
    .optional()
    .describe('Of the text, where it is recognised wrongly'),
});

/** An estimate starts nothing, so there is nothing to tell a callback. */
export const estimateQuerySchema = jobQuerySchema.omit({ callbackUrl: true, start: true });

export const creditLimitSchema = z
  .strictObject({ creditLimit: credits.nullable().describe('null lifts the limit') })
  .register(named, { id: 'JobChange' });

const who = z.string().min(1).max(2000);

export const forgetSchema = z
  .strictObject({
    who: z
      .union([who, z.array(who).min(1).max(5000)])
      .describe('E-mail, LinkedIn address, Apollo id, or a domain for everybody at it; one, or many at once'),
  })
  .register(named, { id: 'ForgetRequest' });

export const personDataSchema = z.strictObject({ who }).register(named, { id: 'PersonDataRequest' });

export const personDataAnswer = z
  .strictObject({
    isForgotten: z.boolean().describe('A one-way mark is kept, which says no more than this'),
    results: z.array(z.looseObject({ outcome: z.string() })).describe('What Apollo answered, as it is kept'),
    rows: z
      .array(
        z.strictObject({
          list: z.string(),
          name: z.string(),
          row: count.describe('Counted from 1'),
          cells: z.record(z.string(), z.string()),
          outcome: z.string().optional(),
        }),
      )
      .describe('Rows of lists'),
  })
  .register(named, { id: 'PersonData' });

export const fillSchema = z
  .strictObject({ key: z.string().min(1).max(512), label: z.string().max(200).optional() })
  .register(named, { id: 'ConnectRequest' });

export const operatorFillSchema = fillSchema
  .extend({
    newWorkspace: z.boolean().optional().describe('True: the workspace need not be there yet'),
  })
  .register(named, { id: 'FillRequest' });

export const shareSchema = z
  .strictObject({
    share: z.int().min(1).max(100).describe("Percent of the team's rate limits to use; 100: all of them"),
  })
  .register(named, { id: 'ShareRequest' });

const slotLimits = <T extends z.ZodType>(limit: T) =>
  z.record(z.string().regex(/^[1-9]$/, 'A slot is a number, such as 3.'), limit);

export const limitsSchema = z
  .strictObject({
    monthlyLimit: credits.nullable().optional().describe('null lifts the limit; left out, it stays'),
    slotLimits: slotLimits(credits.nullable())
      .optional()
      .describe("Monthly limits of single slots by the slot's number; those left out stay"),
  })
  .register(named, { id: 'Limits' });

export const hookRequestSchema = z
  .strictObject({
    url: z.url({ protocol: /^https?$/ }).max(2000),
    events: z.array(z.enum(HOOK_EVENTS)).min(1),
    secret: z
      .string()
      .min(16)
      .max(200)
      .optional()
      .describe('What deliveries are signed with; made unless given'),
  })
  .register(named, { id: 'HookRequest' });

export const pageSchema = z.strictObject({
  limit: amount(z.int().min(1).max(200)).optional(),
  cursor: z.string().max(100).optional().describe('`next` of the page before'),
});

const wait = amount(z.int().min(0).max(60))
  .optional()
  .describe('Seconds to wait for the job to end or pause before it is answered, at most 60');

export const waitSchema = z.strictObject({ wait });

export const auditQuerySchema = z.strictObject({
  since: z.iso.datetime({ offset: true }).optional().describe('Only what was done at this time or later'),
  limit: amount(z.int().min(1).max(1000)).optional(),
  cursor: z.string().max(1000).optional(),
  format: z.enum(['json', 'ndjson']).optional().describe('json unless given'),
});

export const resultsQuerySchema = z.strictObject({
  format: z
    .enum(['json', 'ndjson', 'csv', 'xlsx'])
    .optional()
    .describe('json unless given; csv where a preset is'),
  preset: z
    .enum(PRESETS)
    .optional()
    .describe('A csv or xlsx ready for this tool: its columns, and only people it can contact'),
  guard: flag
    .optional()
    .describe('false: cells of a csv stay as they are, those that a spreadsheet would execute too'),
  cursor: amount(z.int().min(0)).optional().describe('`next` of the page before'),
  wait,
  limit: amount(z.int().min(1).max(1000))
    .optional()
    .describe('Rows in one answer; 100 unless given. Only for json'),
  outcome: z
    .string()
    .transform((text) => text.split(','))
    .pipe(z.array(z.enum([...OUTCOMES, 'pending'])))
    .optional()
    .describe(`Only these, separated by commas: ${OUTCOMES.join(', ')}, pending`),
});

// ————— answers —————

const text = z.string().optional();
const companyAnswer = z
  .looseObject({
    id: z.string(),
    name: text,
    domain: text,
    website: text,
    linkedinUrl: text,
    industry: text,
    size: z.number().optional(),
    phone: text,
    foundedYear: z.number().optional(),
    revenue: text,
    city: text,
    state: text,
    country: text,
  })
  .register(named, { id: 'Company' });
const personAnswer = z
  .looseObject({
    id: z.string(),
    name: text,
    firstName: text,
    lastName: text,
    title: text,
    headline: text,
    seniority: text,
    linkedinUrl: text,
    email: text,
    emailStatus: text,
    personalEmails: z.array(z.string()).optional(),
    emailConfidence: z.number().optional().describe('How sure an extrapolated address is, 0 to 1'),
    phones: z
      .array(
        z.strictObject({
          number: z.string(),
          type: text,
          confidence: text,
          doNotCall: z.boolean().optional().describe('The number stands on a do-not-call list'),
        }),
      )
      .optional()
      .describe("The person's own, the best first"),
    companyPhone: text.describe('The switchboard, where it came among the numbers'),
    employers: z
      .array(z.strictObject({ name: z.string(), current: z.boolean() }))
      .optional()
      .describe('Other employers, as the profile lists them'),
    confidence: text.describe('How sure Apollo itself is'),
    city: text,
    state: text,
    country: text,
    company: companyAnswer.optional(),
  })
  .register(named, { id: 'Person' });

const match = z
  .strictObject({
    kind: z
      .enum(['exact', 'likely', 'moved', 'conflict'])
      .describe(
        'exact: same LinkedIn address, e-mail or id; likely: name and employer agree; moved: the same person, now elsewhere; conflict: something that was asked says otherwise',
      ),
    reason: z.string(),
  })
  .register(named, { id: 'Match', description: 'How sure it is that the answer is about the lead' });

export const enrichAnswer = z
  .strictObject({
    results: z.array(
      z.strictObject({
        outcome: z.enum([...OUTCOMES, 'undecided']),
        how: z.enum(['lookup', 'duplicate', 'known']).optional(),
        person: personAnswer.optional(),
        company: companyAnswer.optional(),
        match: match.optional(),
        checkedAt: time.optional().describe('When Apollo was asked'),
        pending: z
          .literal(true)
          .optional()
          .describe('Phones or waterfall results are on their way: ask again later, which costs nothing'),
        lateCredits: credits
          .optional()
          .describe("What came late cost so much; it is not in the answer's `credits`"),
        error: text,
      }),
    ),
    stopped: z
      .enum(['no-slot', 'slot-limit', 'budget', 'request-refused', 'apollo-trouble', 'aborted'])
      .optional()
      .describe('Why some are undecided; they cost nothing'),
    problem: text.describe('What is wrong and what to do about it, where `stopped` alone does not say'),
    credits,
    calls: count,
    inDoubtCalls: count.describe('Calls whose answer was lost: perhaps charged'),
    inDoubtCredits: credits.describe('The most that those may have cost; counts against limits'),
    rateLimited: count,
    waitedMs: count.describe(
      "The longest that a call waited for its turn, ms: for Apollo's limits, or for others' leads",
    ),
  })
  .register(named, { id: 'EnrichAnswer' });

const figures = {
  rows: count,
  duplicates: count,
  duplicatesBy: z
    .record(z.string(), count)
    .optional()
    .describe('Duplicates by what told them: email, linkedin_url, name_and_company …'),
  possibleDuplicates: z
    .strictObject({ rows: count, example: z.array(z.string()).describe('Two names at one employer') })
    .optional()
    .describe('Rows that may be about the person of an earlier row; each is looked up'),
  leftOutOfNames: z
    .strictObject({
      rows: count,
      why: z.record(z.string(), count).describe('Rows by why: title, degree, employer-or-place …'),
      example: z.strictObject({ sent: z.string(), leftOut: z.string() }),
    })
    .optional()
    .describe("Rows of which a part of the name's cell is not sent"),
  known: count,
  skipped: count,
  lookups: count,
  mostCredits: credits,
  secondCalls: count
    .optional()
    .describe('Of the look-ups, those by a name alone that take two calls: phones cost a credit more then'),
  expectedCredits: credits.optional().describe('What the look-ups cost if it goes as usual'),
  expectedFrom: z
    .enum(['workspace', 'default'])
    .optional()
    .describe('By lists of the workspace that were alike, or by default figures'),
  creditsLeft: credits.optional().describe('What Apollo says is left for the connected keys'),
  mobileCreditsLeft: credits
    .optional()
    .describe('The same for mobile numbers, where their credits are a pool apart'),
  seconds: z.number().nullable().describe('null: no key is connected'),
  phoneSeconds: z
    .number()
    .optional()
    .describe(
      "Where PUBLIC_URL is not set: how long asking for the phones takes at least, within Apollo's limits",
    ),
  warnings: z.array(z.string()).optional().describe('Why the list cannot finish, or may not, and what to do'),
};
const estimateFigures = z.strictObject(figures).register(named, { id: 'EstimateFigures' });
export const estimateAnswer = z
  .strictObject({
    ...figures,
    kind: z.enum(['people', 'companies']),
    mapping: z.record(z.string(), z.array(z.string())).describe('Headers by field'),
    found: z
      .record(z.string(), z.enum(['header', 'values', 'override']))
      .describe('How each field was recognised: by its name, by its values, or as given'),
    unused: z.array(z.string()).describe('Headers that no field uses'),
    list: z
      .looseObject({ headerRow: z.int().nullable().describe('Counted from 1; null: there is no header') })
      .optional()
      .describe(
        'What a list that came as a file is: format, encoding, delimiter, sheet, header, rows left out',
      ),
    notes: z
      .array(
        z.strictObject({
          code: z.string(),
          text: z.string(),
          columns: z.array(z.string()).optional(),
          count: count.optional(),
        }),
      )
      .describe('What is odd about the list, or was decided about it'),
  })
  .register(named, { id: 'Estimate' });

const shownUrl = z.string().describe('Without what may be a secret: user, password and query are hidden');
const deliveryAnswer = z
  .strictObject({
    id: z.string(),
    type: z.string(),
    state: z.enum(['waiting', 'delivered', 'failed']),
    attempts: count,
    lastAttemptAt: time.optional(),
    nextAttemptAt: time.optional(),
    status: z.int().optional().describe('HTTP status of the last answer'),
    error: text,
  })
  .register(named, { id: 'Delivery' });

const balance = z.strictObject({
  left: z.number(),
  used: z.number().nullable().describe('In this billing cycle; null: Apollo does not say'),
  mobileLeft: z.number().nullable().describe('null: of one pool with all others'),
  readAt: time,
});
const creditCheck = z
  .strictObject({
    teams: z
      .array(
        z.strictObject({
          team: z.string().describe('Its id at Apollo'),
          slots: z.array(count),
          before: balance.describe('Before the first call of the list'),
          after: balance.nullable().describe('After its last one; null: it is not done, or no key tells'),
        }),
      )
      .describe('What Apollo says of the teams whose keys are connected'),
    slotsNotRead: z.array(count).describe('Slots whose keys do not tell their credits'),
    otherLists: count.nullable().describe('Lists of the workspace that were worked on at the same time'),
    ours: credits.describe('What our books say that the list cost'),
    reported: z.number().nullable().describe('What Apollo counted meanwhile; null: not known'),
    difference: z.number().nullable().describe('`reported` less `ours`'),
    text: z.string().nullable().describe('Whether both agree, and possible reasons where they do not'),
  })
  .register(named, { id: 'CreditCheck' });

export const scheduleSchema = z
  .strictObject({
    every: z.enum(SCHEDULE_PERIODS),
    olderThanDays: z
      .int()
      .min(1)
      .max(SCHEDULE_MOST_DAYS)
      .describe('Answers older than this are asked for again'),
  })
  .register(named, { id: 'ScheduleRequest' });
export const scheduleAnswer = z
  .strictObject({
    ...scheduleSchema.shape,
    job: z.string().describe('The list that has the rows'),
    setAt: time,
    nextAt: time.describe('When it runs again'),
    by: z.strictObject(actor).optional().describe('Who set it: its jobs are theirs, and what they cost'),
    last: z
      .strictObject({
        at: time,
        job: z.string().optional().describe('The newest job that it made'),
        problem: text.describe('Why the last time made none'),
      })
      .optional(),
  })
  .register(named, { id: 'Schedule' });

const jobState = z.enum(['ready', 'running', 'paused', 'done', 'cancelled']);
export const jobAnswer = z
  .strictObject({
    id: z.string(),
    name: z.string(),
    state: jobState,
    reason: z
      .enum([
        'asked',
        'no-slot',
        'no-credits',
        'credit-limit',
        'slot-limit',
        'monthly-limit',
        'request-refused',
        'apollo-trouble',
        'shutdown',
        'interrupted',
      ])
      .optional(),
    problem: text.describe('What is wrong and how to mend it, where `reason` alone does not say'),
    waiting: z
      .strictObject({
        for: z.enum(['apollo-limit', 'disk', 'redis']),
        until: time.optional().describe('When it goes on, where that is known'),
      })
      .optional()
      .describe('Why it stands still although it runs; it goes on by itself'),
    secondsLeft: count.optional().describe("While it runs: at least so long, by Apollo's limits"),
    kind: z.enum(['people', 'companies']),
    createdAt: time,
    startedAt: time.optional(),
    endedAt: time.optional(),
    rows: count,
    finished: count,
    seconds: z.number().describe('Worked, pauses left out'),
    estimate: estimateFigures,
    counts: z.strictObject({
      matched: count,
      review: count.describe('Answers that contradict what was asked; not counted as found'),
      unmatched: count,
      skipped: count,
      failed: count,
      duplicates: count,
      known: count,
      lookups: count,
      emails: count,
      verifiedEmails: count,
      phones: count,
    }),
    credits,
    calls: count,
    inDoubtCalls: count,
    inDoubtCredits: credits,
    creditCheck: creditCheck
      .nullable()
      .describe('What Apollo reports beside our books; null before the start, or where no key tells'),
    rateLimited: count,
    latePending: count,
    latePeople: count.describe('People whose phones may still come'),
    creditLimit: credits.optional(),
    repeats: z.string().optional().describe('The job whose schedule made this one, of the same rows'),
    schedule: scheduleAnswer.optional(),
    callback: z
      .strictObject({
        url: shownUrl,
        secret: text.describe('What deliveries are signed with; shown once, when the job is made'),
        deliveries: z.array(deliveryAnswer),
      })
      .optional(),
  })
  .register(named, { id: 'Job' });
export const jobsAnswer = z
  .strictObject({ jobs: z.array(jobAnswer), next: z.string().optional() })
  .register(named, { id: 'Jobs' });

const resultAnswer = z
  .strictObject({
    row: count.describe('Counted from 0, in the order of the list'),
    lead: z.record(z.string(), z.string()).describe('Cells of the list by header'),
    outcome: z.enum([...OUTCOMES, 'pending']),
    person: personAnswer.optional(),
    company: companyAnswer.optional(),
    match: match.optional(),
    error: text,
    added: z.record(z.string(), z.string()).describe('The cells that the CSV adds'),
  })
  .register(named, { id: 'Result' });
export const resultsAnswer = z
  .strictObject({
    columns: z.array(z.string()).describe('Of the CSV: those of the list, then those added'),
    state: jobState.describe('Of the job: what is `pending` may still come'),
    results: z.array(resultAnswer),
    next: z.string().optional(),
  })
  .register(named, { id: 'Results' });

const side = z
  .strictObject({
    name: text,
    title: text,
    company: text,
    domain: text,
    email: text,
    linkedinUrl: text,
  })
  .register(named, { id: 'Side' });
const reviewAnswer = z
  .strictObject({
    row: count.describe('Counted from 0, in the order of the list'),
    reason: z.string().describe('What contradicts'),
    asked: side,
    answered: side,
  })
  .register(named, { id: 'Review' });
export const reviewsAnswer = z
  .strictObject({ reviews: z.array(reviewAnswer) })
  .register(named, { id: 'Reviews' });
export const decidedAnswer = z
  .strictObject({
    accepted: z.array(count).describe('Rows that are matched now, those that ask the same included'),
    rejected: z.array(count).describe('Rows that count as not found now'),
    open: count.describe('Rows still to review'),
  })
  .register(named, { id: 'Decided' });

const nullable = z.string().nullable();
const slotAnswer = z
  .looseObject({
    number: count,
    kind: z.enum(['self', 'dfy']),
    state: z.enum(['free', 'connected']),
    label: nullable,
    last4: nullable,
    team: nullable,
    sharesLimitsWith: z.array(count),
    health: z.looseObject({ state: z.string(), words: z.string() }).nullable(),
    credits: z.looseObject({ left: z.number() }).nullable(),
    limits: z.record(z.string(), z.unknown()).nullable(),
    share: count
      .nullable()
      .describe(
        "Percent of the team's rate limits that is used; the rest is left to colleagues' other tools",
      ),
  })
  .register(named, { id: 'Slot' });
export const slotsAnswer = z
  .strictObject({
    workspace: z.string(),
    notation: z.string(),
    words: z.string(),
    slots: z.array(slotAnswer),
  })
  .register(named, { id: 'Slots' });

export const creditsAnswer = z
  .strictObject({
    month: z.string(),
    credits,
    inDoubtCredits: credits,
    bySlot: z.record(z.string(), z.number()),
    byDay: z.record(z.string(), z.number()).optional().describe('By the day of the month (UTC), from 1 on'),
    byAuthor: z
      .array(z.strictObject({ ...actor, credits }))
      .describe('Who had them spent: together with what is older than this record, `credits`'),
    monthlyLimit: credits.optional(),
    slotLimits: slotLimits(credits).optional().describe("Monthly limits of slots, by the slot's number"),
    slots: z.array(
      z.strictObject({
        number: count,
        left: z.number().nullable().describe("null: the key may not read its team's credits"),
        limit: z.number().optional(),
        used: z.number().optional(),
      }),
    ),
  })
  .register(named, { id: 'Credits' });

/** What every event has. */
const eventFields = {
  id: z.string().describe('Of the delivery: the same when it is sent again'),
  type: z.enum(HOOK_EVENTS),
  at: time,
  workspace: z.string(),
};
export const jobEventAnswer = z
  .strictObject({ ...eventFields, job: jobAnswer })
  .register(named, { id: 'JobEvent' });

export const scheduleEventAnswer = z
  .strictObject({
    ...eventFields,
    job: jobAnswer.optional().describe('The list that has the rows, while it is kept'),
    why: z.string().describe('For people'),
  })
  .register(named, { id: 'ScheduleEvent' });

export const leadEventAnswer = z
  .strictObject({
    ...eventFields,
    job: z.strictObject({ id: z.string(), name: z.string() }),
    result: resultAnswer,
  })
  .register(named, { id: 'LeadEvent' });

export const slotEventAnswer = z
  .strictObject({ ...eventFields, slot: slotAnswer })
  .register(named, { id: 'SlotEvent' });

export const forgetAnswer = z
  .strictObject({
    results: count,
    rows: count,
    keys: count,
    remains: z.array(z.string()).describe('Where it still stands, and until when'),
  })
  .register(named, { id: 'Forgotten' });

const hookFields = {
  id: z.string(),
  url: shownUrl,
  events: z.array(z.enum(HOOK_EVENTS)),
  createdAt: time,
  switchedOffAt: time
    .optional()
    .describe(
      'Nothing could be delivered for three days: nothing is sent until the hook is switched on again',
    ),
};
export const hookAnswer = z.strictObject(hookFields).register(named, { id: 'Hook' });
export const hookMadeAnswer = z
  .strictObject({ ...hookFields, secret: z.string().describe('Shown once') })
  .register(named, { id: 'HookMade' });
export const hooksAnswer = z
  .strictObject({ hooks: z.array(z.strictObject({ ...hookFields, deliveries: z.array(deliveryAnswer) })) })
  .register(named, { id: 'Hooks' });

export const meAnswer = z
  .strictObject({
    workspace: z.string(),
    token: z.strictObject({
      id: z.string(),
      name: z.string(),
      scopes: z.array(z.enum(SCOPES)),
      createdAt: time,
      endsAt: time.optional(),
    }),
  })
  .register(named, { id: 'Me' });

export const workspacesAnswer = z
  .strictObject({
    workspaces: z.array(
      z.strictObject({
        workspace: z.string(),
        notation: z.string(),
        words: z.string(),
        credits,
        monthlyLimit: credits.optional(),
      }),
    ),
  })
  .register(named, { id: 'Workspaces' });

export const filledAnswer = z
  .strictObject({
    slot: z.looseObject({ number: count }),
    remarks: z.array(z.string()),
    notation: z.string(),
    words: z.string(),
  })
  .register(named, { id: 'Filled' });

export const emptiedAnswer = z
  .strictObject({
    slot: count,
    label: z.string(),
    last4: z.string(),
    notation: z.string(),
    words: z.string(),
  })
  .register(named, { id: 'Emptied' });

export const connectLinkSchema = z
  .strictObject({
    slot: z.int().min(1).max(9).optional().describe('Which slot; the first free one unless given'),
    replace: z.boolean().optional().describe('In place of the key that is in the slot'),
  })
  .register(named, { id: 'ConnectLinkRequest' });

/** A one-time link, and until when it works. */
export const linkAnswer = z
  .strictObject({ url: z.string(), until: time })
  .register(named, { id: 'OneTimeLink' });

export const askedAnswer = z
  .strictObject({ slot: count, by: z.string(), at: time })
  .register(named, { id: 'SlotRequest' });

export const limitsAnswer = z
  .strictObject({
    workspace: z.string(),
    monthlyLimit: credits.nullable(),
    slotLimits: slotLimits(credits),
  })
  .register(named, { id: 'LimitsSet' });

const auditEntryAnswer = z
  .strictObject({
    id: z.string(),
    at: time,
    workspace: z.string(),
    deed: z.enum(DEEDS),
    by: z
      .strictObject({
        ...actor,
        name: z.string().optional(),
        session: z.string().optional(),
      })
      .describe('`server`: the server did it, not a person'),
    about: z
      .record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.array(z.string())]))
      .describe('Ids, numbers and words; never a key, never a lead'),
  })
  .register(named, { id: 'AuditEntry' });

export const auditAnswer = z
  .strictObject({ entries: z.array(auditEntryAnswer), next: z.string().optional() })
  .register(named, { id: 'Audit' });

export const problemAnswer = z
  .strictObject({
    type: z.string(),
    title: z.string(),
    status: z.int().min(400).max(599),
    detail: z.string(),
    code: z.enum(Object.keys(PROBLEMS) as [ProblemCode, ...ProblemCode[]]),
    requestId: z.string().describe('Names the request in the log of the server'),
    errors: z
      .array(z.strictObject({ path: z.string(), lead: count.optional(), message: z.string() }))
      .optional(),
  })
  .register(named, { id: 'Problem', description: 'RFC 9457' });
