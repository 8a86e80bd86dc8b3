import type { Person } from '../apollo/index.ts';
import { identifyPerson, normaliseLead } from '../leads/index.ts';
import { domainKey, type ForgottenMarks, isDomainKey, isMeantBy } from './forgotten-marks.ts';
import type { KnownResult, KnownResults } from './known.ts';

/** Shorter texts are not blanked out: they would be found in what is about others. */
const LEAST_TEXT = 5;
const BLANK = '[forgotten]';

/** What was asked to be forgotten names nobody. */
export class ForgetError extends Error {
  override readonly name = 'ForgetError';
}

/** Whom somebody means: one person, or everybody at a domain. */
interface Meant {
  readonly keys: readonly string[];
  readonly known: readonly KnownResult[];
}

/** Everything to remove people by. */
export interface Forgettable {
  /** All keys of the people, and those of whole domains; see {@link isMeantBy}. */
  readonly keys: ReadonlySet<string>;
  readonly known: readonly KnownResult[];
  /** What was given, and names and addresses that are known: as they may stand in a text. */
  readonly texts: readonly string[];
}

/** Finds whoever an e-mail, LinkedIn address, Apollo id or domain means, and has them forgotten. */
export class Forgotten {
  readonly #marks: ForgottenMarks;
  readonly #known: KnownResults;

  constructor(marks: ForgottenMarks, known: KnownResults) {
    this.#marks = marks;
    this.#known = known;
  }

  /** What is known of those whom these texts mean. Throws {@link ForgetError} for the first that means nobody. */
  async find(workspace: string, whos: readonly string[]): Promise<Forgettable> {
    const keys = new Set<string>();
    const known = new Map<string, KnownResult>();
    const texts = new Set<string>();
    for (const who of whos.map((text) => text.trim())) {
      const meant = await this.#meant(workspace, who);
      for (const key of meant.keys) keys.add(key);
      for (const result of meant.known) known.set(result.keys[0], result);
      if (!meant.keys.some(isDomainKey)) texts.add(who);
    }
    if ([...keys].some(isDomainKey)) {
      // Whom Apollo did not know has keys with a name and the domain as well.
      for await (const result of this.#known.all(workspace)) {
        if (!isMeantBy(keys, result.keys)) continue;
        known.set(result.keys[0], result);
        for (const key of result.keys) keys.add(key);
      }
      for await (const key of this.#known.reviewed(workspace)) if (isMeantBy(keys, [key])) keys.add(key);
    }
    for (const { person } of known.values()) {
      if (person) for (const text of textsOf(person)) texts.add(text);
    }
    return { keys, known: [...known.values()], texts: [...texts] };
  }

  /** Whether they were forgotten already. */
  async isMarked(workspace: string, { keys }: Pick<Forgettable, 'keys'>): Promise<boolean> {
    return (await this.#marks.among(workspace, [[...keys]]))[0] === true;
  }

  /** Removes what is known of them and sees to it that nobody looks them up again. */
  async forget(workspace: string, { keys }: Pick<Forgettable, 'keys'>): Promise<void> {
    // First: what an answer under way brings is not kept.
    await this.#marks.add(workspace, [...keys]);
    await this.#known.forget(workspace, [...keys]);
  }

  async #meant(workspace: string, who: string): Promise<Meant> {
    const domain = /^@?((?:[\p{L}\p{N}-]+\.)+[\p{L}]{2,63})$/u.exec(who)?.[1];
    if (domain !== undefined) {
      const { domain: own } = normaliseLead({ domain });
      if (own !== undefined) return { keys: [domainKey(own)], known: [] };
    }
    const lead = normaliseLead({ apollo_id: who, email: who, linkedin_url: who });
    const named = identifyPerson(lead);
    if (!named) {
      throw new ForgetError(
        'Give an e-mail address, a LinkedIn profile address, an Apollo person id, or a domain for everybody at it.',
      );
    }
    const [result] = await this.#known.find(workspace, [{ identity: named, lead }]);
    return { keys: [...named, ...(result?.keys ?? [])], known: result ? [result] : [] };
  }
}

/** Whole names and addresses. */
function textsOf({ name, firstName, lastName, email, personalEmails = [], linkedinUrl }: Person): string[] {
  const whole = [firstName, lastName].filter(Boolean).join(' ');
  return [name, whole, email, ...personalEmails, linkedinUrl].filter((text) => text !== undefined);
}

/**
 * Blanks out these texts wherever they stand in a value that can be JSON; gives the value itself where none does. Made
 * once for all values: a domain may mean thousands of names.
 */
export function textEraser(texts: Iterable<string>): <T>(value: T) => T {
  const wanted = [...texts].filter((text) => text.length >= LEAST_TEXT);
  if (wanted.length === 0) return (value) => value;
  const pattern = new RegExp(
    wanted.map((text) => text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')).join('|'),
    'giu',
  );
  // Texts may be escaped in JSON, and one JSON may stand in another: each text is looked at by itself.
  const clean = (each: unknown): unknown => {
    if (typeof each === 'string') return each.replace(pattern, BLANK);
    if (Array.isArray(each)) return each.map(clean);
    if (typeof each !== 'object' || each === null) return each;
    return Object.fromEntries(Object.entries(each).map(([name, inner]) => [name, clean(inner)]));
  };
  return <T>(value: T) => {
    const cleaned = clean(value) as T;
    return JSON.stringify(cleaned) === JSON.stringify(value) ? value : cleaned;
  };
}
