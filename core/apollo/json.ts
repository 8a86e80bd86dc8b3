/**
 * Readers for JSON that others wrote: each gives a value of the kind asked for or `undefined`, and never
 * throws. Written by hand because the core is bundled into n8n, where a schema library may not go.
 */
export type JsonObject = Readonly<Record<string, unknown>>;

/** The object that a JSON text holds; `undefined` for anything else. */
export function parseObject(json: string): JsonObject | undefined {
  try {
    return asObject(JSON.parse(json));
  } catch {
    return undefined;
  }
}

export function asObject(value: unknown): JsonObject | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as JsonObject)
    : undefined;
}

/** The entries of a list; none where there is no list. */
export function asList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** The objects of a list; other entries are left out. */
export function asObjects(value: unknown): JsonObject[] {
  return asList(value)
    .map(asObject)
    .filter((entry) => entry !== undefined);
}

/** Text without the white space around it; `undefined` where nothing is left. */
export function asText(value: unknown): string | undefined {
  return typeof value === 'string' ? value.trim() || undefined : undefined;
}

/** A finite number of zero or more, also as text: credits, requests, employees and years are never negative. */
export function asNumber(value: unknown): number | undefined {
  const number = typeof value === 'string' && /^\d+(?:\.\d+)?$/.test(value.trim()) ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) && number >= 0 ? number : undefined;
}

/** `null`, and what some programs write for nothing: `false`, an empty text, list or object. */
export function isNothing(value: unknown): boolean {
  if (value === null || value === false || value === '') return true;
  return typeof value === 'object' && Object.keys(value).length === 0;
}

/** The fields that have a value, so that what Apollo does not know is absent rather than `undefined`. */
export function known<T extends object>(fields: T): { [Name in keyof T]?: Exclude<T[Name], undefined> } {
  // Ten times for each lead: lists of entries would be most of what reading an answer leaves to collect.
  const known: { [Name in keyof T]?: Exclude<T[Name], undefined> } = {};
  for (const name in fields) {
    const value = fields[name];
    if (value !== undefined) known[name] = value as Exclude<T[typeof name], undefined>;
  }
  return known;
}
