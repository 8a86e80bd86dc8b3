/** Under which names a record that stands in a cell says what it is called. */
const CALLED = [
  'name',
  'full_name',
  'fullName',
  'display_name',
  'displayName',
  'company_name',
  'label',
  'title',
  'value',
];

/**
 * What a cell is called that holds JSON, as lists out of APIs do: "Contoso" of `{"name":"Contoso"}`, and of `["Contoso"]`.
 * Other cells are as they are; `undefined` for a record that does not say it.
 */
export function nestedText(cell: string): string | undefined {
  if (!cell.startsWith('{') && !cell.startsWith('[')) return cell;
  let value: unknown;
  try {
    value = JSON.parse(cell);
  } catch {
    return cell;
  }
  return calledIn(value);
}

function calledIn(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  if (typeof value !== 'object' || value === null) return undefined;
  if (Array.isArray(value)) return calledIn(value[0]);
  const record = value as Readonly<Record<string, unknown>>;
  return CALLED.map((key) => record[key]).find((text) => typeof text === 'string');
}
