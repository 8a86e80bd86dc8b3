/**
 * Whether a text can be an Apollo key: visible ASCII without spaces. Anything else must not reach a
 * header, where a line break would start another header. Copied keys often carry white space around
 * them, so trim what a person pasted before asking.
 */
export function looksLikeKey(text: string): boolean {
  return /^[\x21-\x7e]{1,256}$/.test(text);
}
