import {
  addsCompany,
  type Enricher,
  type Freshness,
  identify,
  mostCredits,
  mostCreditsOf,
  type RowOutcome,
  takesTwoCalls,
} from '../enrichment/index.ts';
import {
  type ColumnMapping,
  CompanyDomains,
  leadFromRow,
  NamesAtAddresses,
  NameVariants,
  PossibleDuplicates,
} from '../leads/index.ts';
import { NamesLeftOut } from './names-left-out.ts';
import { SeenIdentities } from './seen.ts';
import { CHUNK_ROWS, type DuplicateKey, type Estimate, type PrepareJob, subjectOf } from './types.ts';

/** A chunk of a list as it is kept: cells as they came, and which rows repeat an earlier one's subject. */
export interface Chunk {
  readonly cells: readonly (readonly string[])[];
  readonly duplicates: readonly number[];
  /** Rows that are no leads, in order. */
  readonly otherRows?: readonly OtherRowsRun[];
}

/** Rows that are no leads and stand before the chunk's lead number `before` (0: the first). */
interface OtherRowsRun {
  readonly before: number;
  readonly cells: readonly string[];
  /** How often in a row: sheets end with very many blank rows. */
  readonly times: number;
}

interface IntakeRequest
  extends Pick<PrepareJob, 'workspace' | 'rows' | 'mapping' | 'options' | 'onRows' | 'chunkRows'> {
  readonly kind: 'people' | 'companies';
  readonly freshness: Freshness;
  readonly enricher: Enricher;
  /** Keeps a chunk, and what is decided of its rows already. */
  readonly spool: (
    number: number,
    chunk: Chunk,
    decided: readonly (RowOutcome | undefined)[],
  ) => Promise<void>;
  /** A chunk that was kept. */
  readonly chunk: (number: number) => Promise<Chunk>;
}

/** What reading a list gave. */
interface Intake {
  readonly chunks: number;
  readonly estimate: Omit<Estimate, 'seconds'>;
  /** The mapping with what only the whole list tells: addresses that belong to no one person, domains of companies. */
  readonly mapping: ColumnMapping;
}

/**
 * Reads a list once: cuts it into chunks, decides what is known, and counts what the rest would cost. Nothing is
 * spent. Where one address stands beside different names, the chunks are gone through again without it, and so they are
 * where one name is written in more and in less detail, or a company stands by its name alone and elsewhere with its domain.
 */
export async function importList(request: IntakeRequest): Promise<Intake> {
  const whole = {
    names: new NamesAtAddresses(),
    variants: new NameVariants(),
    domains: new CompanyDomains(),
  };
  const reading = new Reading(request, request.mapping, whole);
  for await (const chunk of cut(request)) await reading.take(chunk);
  const mapping = await judged(request, whole, reading.chunks);
  if (mapping === undefined) return reading.result();
  const again = new Reading(request, mapping);
  for (let number = 0; number < reading.chunks; number += 1) await again.take(await request.chunk(number));
  return again.result();
}

type RawChunk = Omit<Chunk, 'duplicates'>;

async function* cut({ rows, chunkRows = CHUNK_ROWS }: IntakeRequest): AsyncGenerator<RawChunk> {
  let cells: (readonly string[])[] = [];
  let otherRows: OtherRowsRun[] = [];
  const chunk = () => ({ cells, ...(otherRows.length > 0 && { otherRows }) });
  for await (const row of rows) {
    if ('otherRow' in row) {
      addOtherRow(otherRows, cells.length, row.otherRow);
      continue;
    }
    // Only now, so that what stands below the last lead is in its chunk.
    if (cells.length === chunkRows) {
      yield chunk();
      cells = [];
      otherRows = [];
    }
    cells.push(row);
  }
  if (cells.length > 0) yield chunk();
}

/** Addresses of a list that are kept with its job; more say that the column as a whole is nobody's. */
const MOST_SHARED = 5_000;

/** What only the whole list tells. */
interface WholeList {
  readonly names: NamesAtAddresses;
  readonly variants: NameVariants;
  readonly domains: CompanyDomains;
}

/** The mapping with what only the whole list tells; `undefined`: nothing. */
async function judged(
  request: IntakeRequest,
  whole: WholeList,
  chunks: number,
): Promise<ColumnMapping | undefined> {
  const varied = whole.variants.found();
  const shared = await sharedAddresses(request, whole.names, chunks);
  const domains = await foundDomains(request, whole.domains, chunks);
  const hasDomains = Object.keys(domains).length > 0;
  if (shared.length === 0 && varied.length === 0 && !hasDomains) return undefined;
  const mapping = {
    ...request.mapping,
    ...(varied.length > 0 && { varied }),
    ...(hasDomains && { domains }),
  };
  if (shared.length === 0) return mapping;
  return shared.length > MOST_SHARED ? withoutAddresses(mapping) : { ...mapping, shared };
}

/** The addresses at which different people are. */
async function sharedAddresses(
  { chunk, mapping }: IntakeRequest,
  names: NamesAtAddresses,
  chunks: number,
): Promise<string[]> {
  if (names.suspects.size === 0) return [];
  for (let number = 0; number < chunks; number += 1) {
    for (const row of (await chunk(number)).cells) names.compare(leadFromRow(row, mapping));
  }
  return names.shared();
}

/** Domains, by folded name, for companies that stand by their name alone. */
async function foundDomains(
  { chunk, mapping }: IntakeRequest,
  domains: CompanyDomains,
  chunks: number,
): Promise<Record<string, string>> {
  if (domains.isEmpty) return {};
  for (let number = 0; number < chunks; number += 1) {
    for (const row of (await chunk(number)).cells) domains.find(leadFromRow(row, mapping));
  }
  return domains.found();
}

function withoutAddresses(mapping: ColumnMapping): ColumnMapping {
  const { email, linkedin_url, ...fields } = mapping.fields;
  const columns = [...(email?.columns ?? []), ...(linkedin_url?.columns ?? [])];
  return {
    ...mapping,
    fields,
    unused: [...mapping.unused, ...columns].toSorted((a, b) => a - b),
    leftOut: [...(mapping.leftOut ?? []), ...columns.map((column) => ({ column, why: 'nobody' as const }))],
  };
}

/** Keys of an identity, as the estimate names them. */
const KEY_NAMES: Readonly<Record<string, DuplicateKey>> = {
  id: 'apollo_id',
  li: 'linkedin_url',
  em: 'email',
  eh: 'hashed_email',
  nd: 'name_and_domain',
  nc: 'name_and_company',
  do: 'domain',
  cl: 'company_linkedin_url',
  cn: 'company',
};

/** Decides and counts the chunks of a list, in order. */
class Reading {
  chunks = 0;
  readonly #request: IntakeRequest;
  readonly #mapping: ColumnMapping;
  readonly #whole: WholeList | undefined;
  readonly #seen = new SeenIdentities();
  readonly #possible = new PossibleDuplicates();
  readonly #leftOut = new NamesLeftOut();
  readonly #duplicatesBy: Partial<Record<DuplicateKey, number>> = {};
  #rows = 0;
  #duplicates = 0;
  #skipped = 0;
  #known = 0;
  #mostCredits = 0;
  #secondCalls = 0;

  constructor(request: IntakeRequest, mapping: ColumnMapping, whole?: WholeList) {
    this.#request = request;
    this.#mapping = mapping;
    this.#whole = whole;
  }

  async take(chunk: RawChunk): Promise<void> {
    const { enricher, freshness, onRows, options, spool, workspace } = this.#request;
    const kind = subjectOf(this.#request.kind);
    const { cells, otherRows } = chunk;
    const leads = cells.map((row) => {
      const lead = leadFromRow(row, this.#mapping);
      if (kind === 'person') this.#whole?.names.add(lead);
      else this.#whole?.domains.name(lead);
      const identity = identify(kind, lead);
      if (identity) this.#whole?.variants.add(identity);
      return { lead, identity, duplicate: identity !== undefined && this.#seen.add(identity[0]) };
    });
    const decided = await enricher.decideKnown(leads, { workspace, kind, options, freshness });
    const repeated: number[] = [];
    for (const [index, { duplicate, identity, lead }] of leads.entries()) {
      if (duplicate) repeated.push(index);
      const isSkipped = decided[index]?.outcome === 'skipped';
      if (kind === 'person' && identity && !isSkipped) {
        this.#leftOut.add(cells[index] ?? [], this.#mapping, lead);
        if (!duplicate) this.#possible.add(lead, identity);
      }
      if (isSkipped) this.#skipped += 1;
      else if (duplicate) this.#countDuplicate(identity?.[0]);
      else if (decided[index]) this.#known += 1;
      else {
        this.#mostCredits += mostCreditsOf(kind, lead, options.reveal);
        if (takesTwoCalls(kind, lead, options.reveal)) this.#secondCalls += 1;
      }
    }
    await spool(
      this.chunks,
      { cells, duplicates: repeated, ...(otherRows && { otherRows }) },
      addsCompany(kind, options) ? [] : decided,
    );
    this.chunks += 1;
    this.#rows += cells.length;
    onRows?.(this.#rows);
  }

  #countDuplicate(key = ''): void {
    this.#duplicates += 1;
    const name = KEY_NAMES[key.slice(0, key.indexOf(':'))];
    if (name) this.#duplicatesBy[name] = (this.#duplicatesBy[name] ?? 0) + 1;
  }

  result(): Intake {
    const { options } = this.#request;
    const kind = subjectOf(this.#request.kind);
    const [rows, duplicates, known, skipped] = [this.#rows, this.#duplicates, this.#known, this.#skipped];
    const lookups = rows - skipped - duplicates - known;
    // Company data costs once per company; in the worst case everybody works somewhere else.
    const companies = addsCompany(kind, options) ? rows - skipped - duplicates : 0;
    const leftOutOfNames = this.#leftOut.result();
    const { count, example } = this.#possible;
    const estimate = {
      rows,
      duplicates,
      duplicatesBy: this.#duplicatesBy,
      ...(example && { possibleDuplicates: { rows: count, example } }),
      ...(leftOutOfNames && { leftOutOfNames }),
      known,
      skipped,
      lookups,
      ...(this.#secondCalls > 0 && { secondCalls: this.#secondCalls }),
      mostCredits: this.#mostCredits + companies * mostCredits('company', options.reveal),
    };
    return { chunks: this.chunks, estimate, mapping: this.#mapping };
  }
}

function addOtherRow(otherRows: OtherRowsRun[], before: number, cells: readonly string[]): void {
  const last = otherRows.at(-1);
  const repeats =
    last?.before === before &&
    last.cells.length === cells.length &&
    last.cells.every((cell, index) => cell === cells[index]);
  if (repeats) otherRows[otherRows.length - 1] = { ...last, times: last.times + 1 };
  else otherRows.push({ before, cells, times: 1 });
}
