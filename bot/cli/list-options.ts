import { DEFAULT_OPTIONS, type EnrichOptions, type LeadField, parseMapOption } from '@connectionsphere/core';
import { DELIMITERS, type Delimiter, type LeadFileOptions, readConfig } from '@connectionsphere/core/node';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { credits, days } from './options.ts';

const DAY_MS = 86_400_000;

/** What `estimate` and `enrich` can be told about a list and what to find for it. */
export interface ListFlags {
  readonly phones?: boolean;
  readonly personalEmails?: boolean;
  readonly company?: boolean;
  readonly waterfall?: boolean;
  readonly fresh?: boolean;
  /** Credits. */
  readonly limit?: number;
  readonly matchedDays?: number;
  readonly unmatchedDays?: number;
  readonly map?: Partial<Record<LeadField, string>>;
  readonly encoding?: string;
  readonly delimiter?: Delimiter;
  /** False for `--no-header`, true for `--header`. */
  readonly header?: boolean;
  readonly headerRow?: number;
  /** The name of a workbook's sheet, or its number from 1. */
  readonly sheet?: string;
  readonly people?: boolean;
  readonly companies?: boolean;
}

export function addListOptions(command: Command): Command {
  return command
    .option('--phones', 'mobile and direct numbers as well: 8 credits more for each person with a mobile')
    .option('--personal-emails', 'private e-mail addresses as well')
    .option('--company', 'more about each employer: up to 1 credit per company')
    .option('--waterfall', 'ask the vendors set up in your Apollo account as well: credits as they cost')
    .option('--limit <credits>', 'never spend more on this list; at the limit it pauses', credits)
    .option('--fresh', 'ask again for people known from earlier lists')
    .option('--map <field="Column">', 'which column is which field; may be repeated', mapping)
    .option('--matched-days <days>', 'how old a known match may be (90)', days)
    .option('--unmatched-days <days>', 'how old a known miss may be (14)', days)
    .option('--encoding <name>', 'of the list, where it is recognised wrongly')
    .option('--sheet <name>', 'of a workbook: its name or number; the fitting one unless given')
    .addOption(
      new Option('--delimiter <name>', 'of the list, where it is recognised wrongly')
        .choices(Object.keys(DELIMITERS))
        .argParser(delimiter),
    )
    .option('--header', 'the first row names the columns, where that is not recognised')
    .option('--no-header', 'the list has no header: its first row is a lead')
    .option('--header-row <number>', 'which row names the columns, counted from 1', rowNumber)
    .addOption(new Option('--people', 'it is a list of people').conflicts('companies'))
    .option('--companies', 'it is a list of companies, which are looked up themselves');
}

function mapping(text: string, before: Partial<Record<LeadField, string>> = {}) {
  const [field, column] = parseMapOption(text);
  return { ...before, [field]: column };
}

function delimiter(name: string): Delimiter {
  const found = Object.entries(DELIMITERS).find(([each]) => each === name)?.[1];
  if (!found) throw new InvalidArgumentError(`Allowed choices are ${Object.keys(DELIMITERS).join(', ')}.`);
  return found;
}

export function enrichOptions(flags: ListFlags): EnrichOptions {
  const { matchedDays, unmatchedDays } = flags;
  return {
    reveal: {
      phones: flags.phones ?? false,
      personalEmails: flags.personalEmails ?? false,
      waterfall: flags.waterfall ?? false,
    },
    company: flags.company ?? false,
    matchedForMs: matchedDays === undefined ? DEFAULT_OPTIONS.matchedForMs : matchedDays * DAY_MS,
    unmatchedForMs: unmatchedDays === undefined ? DEFAULT_OPTIONS.unmatchedForMs : unmatchedDays * DAY_MS,
  };
}

function rowNumber(text: string): number {
  if (/^[1-9]\d{0,5}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('Give the number of a row, such as 4.');
}

export function readingOptions(flags: ListFlags): LeadFileOptions {
  const { encoding, delimiter: separator, header, headerRow, sheet } = flags;
  return {
    bounds: readConfig(process.env).lists,
    ...(encoding !== undefined && { encoding }),
    ...(separator !== undefined && { delimiter: separator }),
    ...(header !== undefined && { header }),
    ...(headerRow !== undefined && { headerRow }),
    ...(sheet !== undefined && { sheet }),
  };
}
