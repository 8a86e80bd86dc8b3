/** ISO 8601 without a zone, as a sheet's dates have none; to the second, which a sheet's fractions of days allow. */
export function dateText(date: Date): string {
  const iso = new Date(Math.round(date.getTime() / 1000) * 1000).toISOString().slice(0, 19);
  return iso.endsWith('T00:00:00') ? iso.slice(0, 10) : iso;
}

/** A number as a person would write it: 0.1 for 0.10000000000000001, every digit of a phone number for 4.9E+11. */
export function numberText(stored: string): string {
  const number = Number(stored);
  if (!Number.isFinite(number)) return stored;
  return Number.isInteger(number) ? BigInt(number).toString() : String(number);
}
