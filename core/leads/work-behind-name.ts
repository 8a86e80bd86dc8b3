/** How a cell says, behind a name, where its bearer works. */

/** "at" in the languages in which people write so. */
const AT = 'at|bei|chez|presso|hos';
const FROM = `${AT}|from|with|w/`;

/** What follows is where somebody works. */
export const AT_WORK = new RegExp(String.raw`(?<=\p{L}.*)\s(?:@.*|(?:${FROM})\s.*)$`, 'iu');

/** What stands behind a dash, a bar, a comma or a preposition of work. */
export const SEPARATED_WORK = new RegExp(String.raw`[|｜•;\\/·:»>~#@,，、]|\s[-–—]|\s(?:${FROM})\s`, 'i');

/** Where somebody works, as it is written behind the name: "at Contoso". */
export const EMPLOYER = new RegExp(
  String.raw`(?<=\p{L}.*)\s(?:@|${AT})\s+(\p{L}[^|·•,;]*?)\s*(?:$|[|·•;]|,(?! ?(?:inc|ltd|llc|gmbh)\b))`,
  'iu',
);

/** What follows the name in "Ada Lovelace at Contoso", "Ada Lovelace - CEO at Contoso", "Ada Lovelace (Contoso)". */
export const BEHIND_NAME = new RegExp(String.raw`\s(?:(?:${AT}|@)\s.*|[-–—|·•]+\s.*|\([^()]*\)?)$`, 'iu');
