import type { KnownBlock, View } from '@slack/types';
import { expect } from 'vitest';

/**
 * Slack's published limits and element rules, as far as this app's messages and views can break them. Nothing
 * that we did not write checks them all: the emulator takes invalid blocks.
 * https://docs.slack.dev/reference/block-kit, https://docs.slack.dev/reference/views
 */

interface Node {
  readonly [name: string]: unknown;
}

type Surface = 'message' | 'modal' | 'home';

const MODAL_ONLY = new Set(['file_input']);
const IN_ACTIONS = new Set([
  'button',
  'checkboxes',
  'overflow',
  'static_select',
  'users_select',
  'conversations_select',
  'radio_buttons',
]);
const IN_INPUTS = new Set([
  'plain_text_input',
  'number_input',
  'checkboxes',
  'static_select',
  'multi_users_select',
  'conversations_select',
  'multi_conversations_select',
  'file_input',
  'radio_buttons',
]);

export function assertMessageLimits(message: { readonly text?: unknown; readonly blocks?: unknown }): void {
  const problems: string[] = [];
  if (typeof message.text !== 'string' || message.text.trim() === '') problems.push('a message has no text');
  else if (message.text.length > 4000) problems.push(`text has ${message.text.length} characters`);
  const blocks = (message.blocks ?? []) as KnownBlock[];
  if (blocks.length > 50) problems.push(`${blocks.length} blocks in a message`);
  checkBlocks(blocks as unknown as Node[], 'message', problems);
  if (blocks.filter(({ type }) => /^(?:data_)?table$/.test(type)).length > 1)
    problems.push('more than one table');
  expect(problems).toEqual([]);
}

export function assertViewLimits(view: View): void {
  const problems: string[] = [];
  const node = view as unknown as Node;
  if (view.type !== 'modal' && view.type !== 'home') problems.push(`view of type ${view.type}`);
  const surface: Surface = view.type === 'home' ? 'home' : 'modal';
  if (view.blocks.length > 100) problems.push(`${view.blocks.length} blocks in a view`);
  if (view.blocks.length === 0) problems.push('a view without blocks');
  if (Buffer.byteLength(JSON.stringify(view)) > 250_000) problems.push('a view of more than 250 kB');
  for (const name of ['title', 'submit', 'close']) text(node[name] as Node, name, 24, problems, 'plain_text');
  if (surface === 'modal' && node.title === undefined) problems.push('a modal without a title');
  length(node.callback_id, 'callback_id', 255, problems);
  length(node.private_metadata, 'private_metadata', 3000, problems);
  if (view.blocks.some(({ type }) => type === 'input') && node.submit === undefined) {
    problems.push('inputs without submit');
  }
  checkBlocks(view.blocks as unknown as Node[], surface, problems);
  expect(problems).toEqual([]);
}

function checkBlocks(blocks: readonly Node[], surface: Surface, problems: string[]): void {
  const ids = blocks.map(({ block_id }) => block_id).filter((id) => id !== undefined);
  if (new Set(ids).size !== ids.length) problems.push('block_id used twice');
  for (const [index, block] of blocks.entries()) {
    const at = `block ${index} (${String(block.type)})`;
    length(block.block_id, `${at} block_id`, 255, problems);
    const check = BLOCKS[String(block.type)];
    if (!check) problems.push(`${at}: unknown to this check`);
    else check(block, at, surface, problems);
  }
}

type BlockCheck = (block: Node, at: string, surface: Surface, problems: string[]) => void;

const BLOCKS: Readonly<Record<string, BlockCheck>> = {
  section: (block, at, surface, problems) => {
    const fields = block.fields as Node[] | undefined;
    if (block.text === undefined && !fields?.length) problems.push(`${at}: neither text nor fields`);
    text(block.text as Node, at, 3000, problems);
    if (fields && fields.length > 10) problems.push(`${at}: ${fields.length} fields`);
    for (const field of fields ?? []) text(field, `${at} field`, 2000, problems);
    if (block.accessory) element(block.accessory as Node, `${at} accessory`, surface, problems);
  },
  context: (block, at, _, problems) => {
    const elements = block.elements as Node[];
    if (elements.length < 1 || elements.length > 10) problems.push(`${at}: ${elements.length} elements`);
    for (const each of elements) {
      if (each.type === 'image') altText(each, at, problems);
      else text(each, at, 3000, problems);
    }
  },
  header: (block, at, _, problems) => text(block.text as Node, at, 150, problems, 'plain_text'),
  divider: () => {},
  image: (block, at, _, problems) => altText(block, at, problems),
  actions: (block, at, surface, problems) => {
    const elements = block.elements as Node[];
    if (elements.length < 1 || elements.length > 25) problems.push(`${at}: ${elements.length} elements`);
    const ids = elements.map(({ action_id }) => action_id);
    if (new Set(ids).size !== ids.length) problems.push(`${at}: action_id used twice`);
    for (const each of elements) {
      if (!IN_ACTIONS.has(String(each.type))) problems.push(`${at}: ${String(each.type)} in actions`);
      element(each, at, surface, problems);
    }
  },
  input: (block, at, surface, problems) => {
    if (surface !== 'modal') problems.push(`${at}: an input outside a modal`);
    text(block.label as Node, `${at} label`, 2000, problems, 'plain_text');
    if (block.hint !== undefined) text(block.hint as Node, `${at} hint`, 2000, problems, 'plain_text');
    const inner = block.element as Node;
    if (!IN_INPUTS.has(String(inner.type))) problems.push(`${at}: ${String(inner.type)} in an input`);
    element(inner, at, surface, problems);
  },
  // https://docs.slack.dev/reference/block-kit/blocks/data-table-block
  data_table: (block, at, surface, problems) => {
    if (surface !== 'message') problems.push(`${at}: a table outside a message`);
    if (typeof block.caption !== 'string' || block.caption === '') problems.push(`${at}: no caption`);
    const size = Number(block.page_size ?? 5);
    if (size < 1 || size > 100) problems.push(`${at}: ${size} rows a page`);
    const rows = block.rows as Node[][];
    if (rows.length < 2 || rows.length > 101) problems.push(`${at}: ${rows.length} rows`);
    for (const row of rows) {
      if (row.length !== rows[0]?.length || row.length > 20) problems.push(`${at}: ${row.length} cells`);
      for (const cell of row) if (!cell.text) problems.push(`${at}: an empty cell`);
    }
    const characters = rows.flat().reduce((sum, cell) => sum + String(cell.text).length, 0);
    if (characters > 10_000) problems.push(`${at}: ${characters} characters`);
  },
  table: (block, at, surface, problems) => {
    if (surface !== 'message') problems.push(`${at}: a table outside a message`);
    const rows = block.rows as Node[][];
    if (rows.length < 1 || rows.length > 100) problems.push(`${at}: ${rows.length} rows`);
    for (const row of rows) {
      if (row.length !== rows[0]?.length || row.length > 20) problems.push(`${at}: ${row.length} cells`);
      for (const cell of row) if (!cell.text) problems.push(`${at}: an empty cell`);
    }
    if (JSON.stringify(rows).length > 10_000) problems.push(`${at}: more than 10,000 characters`);
  },
};

function element(node: Node, at: string, surface: Surface, problems: string[]): void {
  const type = String(node.type);
  if (MODAL_ONLY.has(type) && surface !== 'modal') problems.push(`${at}: ${type} outside a modal`);
  if (type !== 'image' && typeof node.action_id !== 'string')
    problems.push(`${at}: ${type} without action_id`);
  length(node.action_id, `${at} action_id`, 255, problems);
  if (node.placeholder !== undefined) text(node.placeholder as Node, `${at} placeholder`, 150, problems);
  if (type === 'button') {
    text(node.text as Node, `${at} button`, 75, problems, 'plain_text');
    length(node.value, `${at} value`, 2000, problems);
    length(node.url, `${at} url`, 3000, problems);
    if (node.confirm) confirm(node.confirm as Node, at, problems);
  }
  const options = node.options as Node[] | undefined;
  if (options) {
    const most = type === 'checkboxes' || type === 'radio_buttons' ? 10 : type === 'overflow' ? 5 : 100;
    if (options.length < 1 || options.length > most) problems.push(`${at}: ${options.length} options`);
    const values = options.map(({ value }) => value);
    if (new Set(values).size !== values.length) problems.push(`${at}: an option twice`);
    for (const option of options) {
      text(option.text as Node, `${at} option`, 75, problems);
      length(option.value, `${at} option value`, 150, problems);
      if (option.description) text(option.description as Node, `${at} option description`, 75, problems);
    }
    for (const initial of [node.initial_option, ...((node.initial_options as unknown[]) ?? [])]) {
      if (
        initial !== undefined &&
        !options.some((option) => JSON.stringify(option) === JSON.stringify(initial))
      ) {
        problems.push(`${at}: the initial option is none of the options`);
      }
    }
  }
  if (type === 'plain_text_input') {
    const most = Number(node.max_length ?? 3000);
    if (most < 1 || most > 3000) problems.push(`${at}: max_length ${most}`);
    length(node.initial_value, `${at} initial_value`, most, problems);
  }
  if (type === 'file_input') {
    const most = Number(node.max_files ?? 10);
    if (most < 1 || most > 10) problems.push(`${at}: max_files ${most}`);
  }
}

function confirm(node: Node, at: string, problems: string[]): void {
  text(node.title as Node, `${at} confirm title`, 100, problems, 'plain_text');
  text(node.text as Node, `${at} confirm text`, 300, problems);
  text(node.confirm as Node, `${at} confirm yes`, 30, problems, 'plain_text');
  text(node.deny as Node, `${at} confirm no`, 30, problems, 'plain_text');
}

function text(node: Node | undefined, at: string, most: number, problems: string[], type?: string): void {
  if (node === undefined) return;
  if (type !== undefined && node.type !== type)
    problems.push(`${at}: ${String(node.type)} in place of ${type}`);
  if (node.type !== 'plain_text' && node.type !== 'mrkdwn')
    problems.push(`${at}: text of type ${String(node.type)}`);
  const value = String(node.text ?? '');
  if (value.trim() === '') problems.push(`${at}: an empty text`);
  length(value, at, most, problems);
  if (/[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/.test(value)) {
    problems.push(`${at}: half a character`);
  }
}

function altText(node: Node, at: string, problems: string[]): void {
  if (typeof node.alt_text !== 'string' || node.alt_text === '')
    problems.push(`${at}: an image without alt text`);
  length(node.alt_text, `${at} alt_text`, 2000, problems);
}

function length(value: unknown, at: string, most: number, problems: string[]): void {
  if (typeof value === 'string' && value.length > most)
    problems.push(`${at}: ${value.length} of ${most} characters`);
}
