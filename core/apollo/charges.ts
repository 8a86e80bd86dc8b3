import { asList, asNumber, asObjects, asText, type JsonObject } from './json.ts';
import { readConfidence, readEmails } from './person.ts';

/** What Apollo charges for beside an address: who says nothing of these was found without being enriched. */
const DEMOGRAPHICS = ['title', 'headline', 'seniority', 'city', 'state', 'country'] as const;

/** Credits that an answer says it cost, which may be fractional; where it does not (single matches, waterfalls), see {@link isCharged}. */
export function creditsForPeople(json: JsonObject, entries: readonly unknown[]): number {
  return readCredits(json) ?? distinct(asObjects(entries).filter(isCharged));
}

/** As {@link creditsForPeople}. Apollo's answers with companies do not say: a credit for each of them. */
export function creditsForCompanies(json: JsonObject, entries: readonly unknown[]): number {
  return readCredits(json) ?? distinct(asObjects(entries));
}

/**
 * Whether Apollo charges for somebody in an answer: for an e-mail, and for demographics unless `match_confidence` is `none`.
 * Who is matched without either costs nothing (reference of people-enrichment, "Credit usage", October 2026).
 */
function isCharged(entry: JsonObject): boolean {
  if (readEmails([entry.email, ...asList(entry.personal_emails)]).length > 0) return true;
  return readConfidence(entry) !== 'none' && DEMOGRAPHICS.some((field) => asText(entry[field]) !== undefined);
}

/** Whoever stands in one answer twice is billed once. */
function distinct(entries: readonly JsonObject[]): number {
  return new Set(entries.map((entry) => asText(entry.id) ?? entry)).size;
}

function readCredits(json: JsonObject): number | undefined {
  return asNumber(json.credits_consumed);
}
