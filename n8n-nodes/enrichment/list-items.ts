import type { IDataObject } from 'n8n-workflow';

/** A column of a list that has each item as it was: other cells are text. */
export const ITEM_COLUMN = 'n8n_item';

/** The item that a row of a list was made from; the row's own cells where it was no item. */
export function itemOf(row: IDataObject): IDataObject {
  const { [ITEM_COLUMN]: text, ...cells } = row;
  if (typeof text !== 'string') return row;
  try {
    const item: unknown = JSON.parse(text);
    return typeof item === 'object' && item !== null && !Array.isArray(item) ? (item as IDataObject) : cells;
  } catch {
    return cells;
  }
}
