/** Rounds off what adding fractions leaves behind; Apollo's credits have few decimals. */
export function roundCredits(credits: number): number {
  return Math.round(credits * 1e4) / 1e4;
}

/** Credits in so many parts that, rounded as {@link roundCredits} does, still add up to the whole. */
export function splitCredits(credits: number, parts: number): number[] {
  const upTo = (part: number) => roundCredits((credits * part) / parts);
  return Array.from({ length: parts }, (_, part) => roundCredits(upTo(part + 1) - upTo(part)));
}
