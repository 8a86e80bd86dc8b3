import { asText, type JsonObject, known } from './json.ts';
import type { Phone } from './types.ts';

/** Numbers in one of Apollo's lists: the person's own, the best first, and the employer's. */
export interface ReadPhones {
  readonly own: readonly Phone[];
  /** The switchboard: Apollo lists it among a person's numbers as `work_hq`. */
  readonly company?: string;
}

/**
 * Phone numbers, each once, without those that Apollo found to be invalid. Matches say `status` and `type`, late
 * results `status_cd` and `type_cd`. `companyPhone`: a number of no type that is the same is the employer's.
 */
export function readPhones(entries: readonly JsonObject[], companyPhone?: string): ReadPhones {
  const own = new Map<string, Phone>();
  let company: string | undefined;
  for (const entry of entries) {
    const number = asText(entry.sanitized_number) ?? asText(entry.raw_number);
    const type = asText(entry.type_cd) ?? asText(entry.type);
    if (number === undefined || isInvalid(entry)) continue;
    if (isCompanys(type) || (number === companyPhone && !isPersonal(type))) company ??= number;
    else if (!own.has(number)) own.set(number, readPhone(number, type, entry));
  }
  return { own: bestFirst([...own.values()]), ...known({ company }) };
}

/** Mobile before direct before any other; otherwise in Apollo's order. */
export function bestFirst(phones: readonly Phone[]): Phone[] {
  return phones.toSorted((a, b) => rank(a) - rank(b));
}

function readPhone(number: string, type: string | undefined, entry: JsonObject): Phone {
  return {
    number,
    ...known({
      type,
      confidence: asText(entry.confidence_cd) ?? asText(entry.confidence),
      doNotCall: readDoNotCall(entry.dnc_status_cd ?? entry.dnc_status),
    }),
  };
}

function isInvalid(entry: JsonObject): boolean {
  return /^invalid/i.test(asText(entry.status_cd) ?? asText(entry.status) ?? '');
}

function isCompanys(type: string | undefined): boolean {
  return type !== undefined && /^(?:work_?)?(?:hq|headquarters|company|main|switchboard)$/i.test(type);
}

function isPersonal(type: string | undefined): boolean {
  return type !== undefined && /mobile|direct|home/i.test(type);
}

function rank({ type = '' }: Phone): number {
  if (/mobile/i.test(type)) return 0;
  return /direct/i.test(type) ? 1 : 2;
}

/** `found`: the number stands on a list. Apollo leaves it out where it did not look. */
function readDoNotCall(from: unknown): boolean | undefined {
  if (typeof from === 'boolean') return from;
  const status = asText(from);
  if (status === undefined) return undefined;
  if (/^(?:found|listed|true|yes)$/i.test(status)) return true;
  return /^(?:not_?found|not_?listed|false|no)$/i.test(status) ? false : undefined;
}
