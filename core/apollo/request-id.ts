/** `"request_id"` is followed by a colon and a whole number, bare or as a string. */
const VALUE = /\s*:\s*(?:(-?\d{1,19})(?=\s*[,}])|"(-?\d{1,19})")/y;
const NAME = '"request_id"';

/**
 * The `request_id` of an answer, from its text: the id is a signed 64-bit integer, and parsing the JSON
 * would round it. The outermost one counts; the same words inside a JSON string do not. `json` must be
 * valid JSON.
 */
export function readRequestId(json: string): string | undefined {
  let depth = 0;
  let nested: string | undefined;
  for (let at = 0; at < json.length; at += 1) {
    const char = json[at];
    if (char === '{' || char === '[') depth += 1;
    if (char === '}' || char === ']') depth -= 1;
    if (char !== '"') continue;
    const end = endOfString(json, at);
    const id = json.startsWith(NAME, at) ? idAt(json, end) : undefined;
    if (id !== undefined && depth === 1) return id;
    nested ??= id;
    at = end - 1;
  }
  return nested;
}

/** Whether Apollo can have given this id: a whole number of 64 bits with sign. */
export function isRequestId(text: string): boolean {
  return /^-?\d{1,19}$/.test(text) && BigInt.asIntN(64, BigInt(text)) === BigInt(text);
}

function idAt(json: string, at: number): string | undefined {
  VALUE.lastIndex = at;
  const found = VALUE.exec(json);
  const id = found?.[1] ?? found?.[2];
  return id !== undefined && isRequestId(id) ? id : undefined;
}

/** Where the string that opens at `start` is over. */
function endOfString(json: string, start: number): number {
  let at = start + 1;
  while (at < json.length && json[at] !== '"') at += json[at] === '\\' ? 2 : 1;
  return at + 1;
}
