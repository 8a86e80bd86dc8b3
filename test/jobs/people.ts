/** The headers of the lists that tests look up. */
export const HEADERS = ['first_name', 'last_name', 'company_domain', 'email', 'linkedin_url'];

/** A made-up person as a row under the usual headers; the same number is the same person. */
export function person(number: number): string[] {
  const name = letters(number);
  return [`Ada${name}`, `Love${name}`, 'contoso.com', '', ''];
}

/** So many different people, from the number `first` on. */
export function people(count: number, first = 0): string[][] {
  return Array.from({ length: count }, (_, index) => person(first + index));
}

/** The same with their LinkedIn addresses: what comes late is asked for at once. */
export function profiles(count: number, first = 0): string[][] {
  return people(count, first).map(([given = '', family = '', domain = '']) => [
    given,
    family,
    domain,
    '',
    `https://www.linkedin.com/in/${given}-${family}`.toLowerCase(),
  ]);
}

function letters(number: number): string {
  return [...number.toString(26)]
    .map((digit) => String.fromCharCode(97 + Number.parseInt(digit, 26)))
    .join('');
}
