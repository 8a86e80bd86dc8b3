/** Bytes that readers of lists, JSON and archives take for something. */
const TOKENS = [
  '\0',
  '\uFEFF',
  '\r',
  '\n',
  '\r\n',
  '"',
  '""',
  ',',
  ';',
  '\t',
  '|',
  '{',
  '}',
  '[',
  ']',
  ':',
  '\\',
  '\\u0000',
  '\\ud800',
  '\ud83d\ude00',
  'null',
  'true',
  '-0',
  '1e999',
  '9007199254740993',
  '-9223372036854775808',
  '""""""""',
  '__proto__',
  'constructor',
  '<',
  '&',
  '&#65;',
  'PK\x03\x04',
  '=1+1',
  '../',
  '%00',
  '\u202e',
  ' '.repeat(300),
  '['.repeat(2000),
  '{"a":'.repeat(500),
  '"'.repeat(501),
  ','.repeat(400),
  'x'.repeat(5000),
].map((text) => Buffer.from(text));

/** A good input with one to eight things done to it: bytes changed, cut, doubled, moved, or put in. */
export function mutate(good: Uint8Array, chance: () => number): Buffer {
  let bytes = Buffer.from(good);
  const upTo = (most: number) => Math.floor(chance() * (most + 1));
  for (let left = 1 + upTo(7); left > 0; left -= 1) {
    const at = upTo(bytes.length);
    const size = upTo(chance() < 0.8 ? 12 : bytes.length - at);
    const [before, part, after] = [
      bytes.subarray(0, at),
      bytes.subarray(at, at + size),
      bytes.subarray(at + size),
    ];
    switch (upTo(7)) {
      case 0:
        if (at < bytes.length) bytes[at] = (bytes[at] ?? 0) ^ (1 << upTo(7));
        break;
      case 1:
        if (at < bytes.length) bytes[at] = upTo(255);
        break;
      case 2:
        bytes = Buffer.concat([before, after]);
        break;
      case 3:
        bytes = Buffer.concat([before, part, part, after]);
        break;
      case 4:
        bytes = Buffer.concat([after, part, before]);
        break;
      case 5:
        if (chance() < 0.3) bytes = Buffer.from(before);
        break;
      default:
        bytes = Buffer.concat([before, TOKENS[upTo(TOKENS.length - 1)] ?? Buffer.alloc(0), after]);
    }
  }
  return bytes;
}
