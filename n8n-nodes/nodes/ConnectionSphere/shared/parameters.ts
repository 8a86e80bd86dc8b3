import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';
import { NodeOperationError } from 'n8n-workflow';

/** Reads a parameter for each item; an expression is evaluated for each, anything else once. */
export function perItem<T>(functions: IExecuteFunctions, name: string, fallback: T): (item: number) => T {
  const read = (item: number) => functions.getNodeParameter(name, item, fallback) as T;
  if (hasExpression(functions.getNode().parameters[name])) return read;
  const value = read(0);
  return () => value;
}

/** Reads anew only where a value differs: mostly there are no expressions, and all items have the same. */
export function oncePerValue<Given extends readonly unknown[], Read>(
  give: { readonly [Index in keyof Given]: (item: number) => Given[Index] },
  read: (item: number, ...given: Given) => Read,
): (item: number) => Read {
  let last: { readonly given: Given; readonly read: Read } | undefined;
  return (item) => {
    const given = give.map((each) => each(item)) as unknown as Given;
    if (!last?.given.every((value, index) => value === given[index]))
      last = { given, read: read(item, ...given) };
    return last.read;
  };
}

/**
 * A value that is one for the whole run. Throws where an expression gives the items different ones: taking the
 * first one's would be a guess.
 */
export function forAll<T>(
  functions: IExecuteFunctions,
  label: string,
  items: number,
  read: (item: number) => T,
): T {
  const first = read(0);
  const text = JSON.stringify(first);
  for (let item = 1; item < items; item += 1) {
    const other = read(item);
    if (other === first || JSON.stringify(other) === text) continue;
    throw new NodeOperationError(
      functions.getNode(),
      `"${label}" is one for the whole run, but its expression gives the items different values`,
      {
        itemIndex: item,
        description: `Item 0 has ${text}, item ${item} has ${JSON.stringify(other)}. Give one value for all, or run the items apart with a Loop Over Items node. Nothing was spent.`,
      },
    );
  }
  return first;
}

/** Options of which there is one for the whole run, with what they are called in the editor. */
const RUN_OPTIONS: Readonly<Record<string, string>> = {
  concurrency: 'Batches Under Way',
  creditLimit: 'Credit Limit per Run',
  dryRun: 'Only Estimate',
  duplicates: 'Duplicates',
  onFailed: 'On Failed',
  waitForLate: 'Wait for Phones',
};

/** Those of them that are set. Throws where an expression gives the items different ones. */
export function runOptions(
  functions: IExecuteFunctions,
  items: number,
  options: (item: number) => IDataObject,
): IDataObject {
  return Object.fromEntries(
    Object.entries(RUN_OPTIONS).map(([name, label]) => [
      name,
      forAll(functions, label, items, (item) => options(item)[name]),
    ]),
  );
}

/** n8n marks expressions by their first character. */
function hasExpression(value: unknown): boolean {
  if (typeof value === 'string') return value.startsWith('=');
  return typeof value === 'object' && value !== null && Object.values(value).some(hasExpression);
}
