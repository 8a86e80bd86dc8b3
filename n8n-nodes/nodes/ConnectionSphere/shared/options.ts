import type { IDataObject, IExecuteFunctions, INodeProperties } from 'n8n-workflow';
import { NodeOperationError } from 'n8n-workflow';
import { enrichOptions } from './descriptions/enrich';
import { alsoFind } from './descriptions/input';
import { oncePerValue, perItem } from './parameters';

/** By name, which means the same in every operation. */
const OPTIONS: ReadonlyMap<string, INodeProperties> = new Map(
  enrichOptions('person').map((option) => [option.name, option]),
);

/**
 * The options of each item. An expression may give a number or a switch as text; throws where it is neither. To pass over
 * a limit or *Only Estimate* that cannot be read would spend what nobody wanted to spend.
 */
export function givenOptions(functions: IExecuteFunctions): (item: number) => IDataObject {
  const read = perItem<IDataObject>(functions, 'options', {});
  return oncePerValue([read], (item, given) =>
    Object.fromEntries(
      Object.entries(given).map(([name, value]) => [name, readOption(functions, name, value, item)]),
    ),
  );
}

/** What is to be found beside for each item. Throws where that is nothing that can be. */
export function givenFinds(functions: IExecuteFunctions): (item: number) => string[] {
  const { displayName, options = [] } = alsoFind({});
  const values = options.flatMap((option) => ('value' in option ? [String(option.value)] : []));
  return oncePerValue([perItem<unknown>(functions, 'alsoFind', [])], (item, given) => {
    const finds = listOf(given);
    const other = finds.find((find) => !values.includes(find));
    if (other !== undefined) refuse(functions, item, displayName, `some of ${values.join(', ')}`, other);
    return finds;
  });
}

/** Several values, also as an expression writes them into one text with commas. */
export function listOf(given: unknown): string[] {
  if (given === undefined || given === null) return [];
  const values = Array.isArray(given) ? given : String(given).split(',');
  return values.map((value) => String(value).trim()).filter((value) => value !== '');
}

function readOption(
  functions: IExecuteFunctions,
  name: string,
  value: unknown,
  item: number,
): IDataObject[string] {
  const option = OPTIONS.get(name);
  const text = String(value ?? '').trim();
  const refused = (what: string) => refuse(functions, item, option?.displayName ?? name, what, value);
  switch (option?.type) {
    case 'number': {
      const least = option.typeOptions?.minValue ?? 0;
      return text !== '' && Number(text) >= least ? Number(text) : refused(`a number of at least ${least}`);
    }
    case 'boolean':
      return /^(?:true|false)$/i.test(text) ? text.toLowerCase() === 'true' : refused('true or false');
    case 'options': {
      const choices = option.options?.flatMap((each) => ('value' in each ? [String(each.value)] : [])) ?? [];
      return choices.includes(text) ? text : refused(`one of ${choices.join(', ')}`);
    }
    default:
      return value as IDataObject[string];
  }
}

function refuse(
  functions: IExecuteFunctions,
  itemIndex: number,
  label: string,
  wanted: string,
  given: unknown,
): never {
  const is = given === undefined || given === '' ? 'nothing' : JSON.stringify(given);
  throw new NodeOperationError(functions.getNode(), `"${label}" must be ${wanted}, and its value is ${is}`, {
    itemIndex,
    description: `Mend its expression, for which item ${itemIndex} gives that. Nothing was spent.`,
  });
}
