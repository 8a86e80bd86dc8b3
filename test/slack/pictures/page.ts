import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { InputBlock, KnownBlock } from '@slack/types';
import { createElement, type ReactElement, type ReactNode } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { type Block, Message } from 'slack-blocks-to-jsx';
import type { Scene } from './scenes.ts';

/** As people set Slack to be. */
export type Theme = 'light' | 'dark';

/** CSS pixels, as wide as Slack shows them on a laptop. */
const WIDTHS = { message: 760, modal: 520, home: 700 } as const;

const FONTS = 'Lato,Emoji,sans-serif';

/** As somebody in London reads them. */
const MOMENTS = new Intl.DateTimeFormat('en-US', {
  dateStyle: 'medium',
  timeStyle: 'short',
  timeZone: 'UTC',
});

const h = createElement;

/** A picture's HTML: the blocks as the library draws them, in a frame drawn here after Slack's own. */
export async function pageOf(
  scene: Scene,
  theme: Theme,
): Promise<{ readonly html: string; readonly width: number }> {
  const library = await readFile(
    fileURLToPath(import.meta.resolve('slack-blocks-to-jsx/dist/style.css')),
    'utf8',
  );
  // It insists on the fonts of whoever looks.
  const blocks = library.replace(/font-family:-apple-system[^;}]*/, `font-family:${FONTS}!important`);
  const frame = await readFile(new URL('frame.css', import.meta.url), 'utf8');
  const body = renderToStaticMarkup(contentOf(scene, theme));
  return {
    html: `<!doctype html><html class="${theme}"><meta charset="utf-8"><style>${blocks}${frame}</style><body>${body}</body>`,
    width: scene.width ?? WIDTHS[scene.surface],
  };
}

function contentOf(scene: Scene, theme: Theme): ReactElement {
  if (scene.surface === 'message') return messageOf(scene, theme);
  if (scene.surface === 'home') {
    return h(
      'main',
      { className: 'home' },
      h('header', null, logo(36), 'ConnectionSphere'),
      drawn(scene.view.blocks as KnownBlock[], theme),
    );
  }
  const { title, submit, close, blocks } = scene.view;
  return h(
    'main',
    { className: 'modal' },
    h('header', null, logo(28), h('h1', null, title.text), h('span', { className: 'x' }, '✕')),
    h(
      'div',
      { className: 'body' },
      ...(blocks as KnownBlock[]).map((block, key) =>
        h('div', { key }, block.type === 'input' ? inputOf(block, scene.errors) : drawn([block], theme)),
      ),
    ),
    h(
      'footer',
      null,
      close && h('span', { className: 'button' }, close.text),
      submit && h('span', { className: 'button submit' }, submit.text),
    ),
  );
}

/** The library draws inputs as they are before anybody chose anything, and texts of one line as of many. */
function inputOf(block: InputBlock, errors: Readonly<Record<string, string>> = {}): ReactElement {
  const { element, label, hint, optional, block_id = '' } = block;
  const error = errors[block_id];
  return h(
    'div',
    { className: `input${error ? ' wrong' : ''}` },
    h('p', { className: 'label' }, label.text, optional && h('i', null, ' (optional)')),
    elementOf(element),
    error && h('p', { className: 'error' }, error),
    hint && h('p', { className: 'hint' }, hint.text),
  );
}

function elementOf(element: InputBlock['element']): ReactNode {
  switch (element.type) {
    case 'plain_text_input':
    case 'number_input': {
      const lines = 'multiline' in element && element.multiline ? ' lines' : '';
      const { initial_value, placeholder } = element;
      return h('div', { className: `text${lines}` }, initial_value ?? h('i', null, placeholder?.text ?? ''));
    }
    case 'static_select':
      return h(
        'div',
        { className: 'select' },
        element.initial_option?.text.text ?? 'Choose',
        h('b', null, '⌄'),
      );
    case 'multi_users_select':
    case 'multi_conversations_select':
      return h(
        'div',
        { className: 'select' },
        h('i', null, element.placeholder?.text ?? 'Choose'),
        h('b', null, '⌄'),
      );
    case 'conversations_select':
      return h('div', { className: 'select' }, '# sales-ops', h('b', null, '⌄'));
    case 'file_input':
      return h('div', { className: 'upload' }, h('span', { className: 'button' }, 'Upload a file'));
    case 'checkboxes':
      return element.options.map(({ text, description }, key) =>
        h(
          'div',
          { key, className: 'check' },
          h('span', { className: 'box' }),
          h('div', null, text.text, description && h('small', null, description.text)),
        ),
      );
    default:
      throw new Error(`Nobody has said yet how ${element.type} looks.`);
  }
}

function messageOf({ posts, ephemeral }: Extract<Scene, { surface: 'message' }>, theme: Theme): ReactElement {
  return h(
    'main',
    { className: 'conversation' },
    ...posts.map(({ blocks, file }, key) =>
      h(
        'article',
        { key },
        logo(36),
        h(
          'div',
          { className: 'said' },
          ephemeral && h('p', { className: 'only' }, '👁 Only visible to you'),
          h(
            'p',
            { className: 'who' },
            h('strong', null, 'ConnectionSphere'),
            h('span', { className: 'app' }, 'APP'),
            h('time', null, '9:04 AM'),
          ),
          blocks && drawn(blocks, theme),
          file && h('div', { className: 'file' }, h('b', null, file), h('span', null, kindOf(file))),
        ),
      ),
    ),
  );
}

/** "CSV", by the name of a file. */
function kindOf(file: string): string {
  return file.slice(file.lastIndexOf('.') + 1).toUpperCase();
}

function drawn(blocks: readonly KnownBlock[], theme: Theme): ReactNode {
  return h(Message, {
    blocks: blocks as unknown as Block[],
    logo: '',
    name: '',
    withoutWrapper: true,
    theme,
    data: { users: [{ id: 'U0ADA', name: 'Priya' }], channels: [{ id: 'C0SALESOPS', name: 'sales-ops' }] },
    hooks: { date: ({ timestamp }) => h('span', null, MOMENTS.format(Number(timestamp) * 1000)) },
  });
}

/** Four slots, two of them filled. */
function logo(size: number): ReactElement {
  const slot = (x: number, y: number, filled: boolean) =>
    h('rect', {
      x,
      y,
      width: 10,
      height: 10,
      rx: 3,
      fill: filled ? '#7fd1c7' : 'none',
      stroke: '#7fd1c7',
      strokeWidth: 1.6,
      ...(!filled && { strokeDasharray: '3 2' }),
    });
  return h(
    'svg',
    { width: size, height: size, viewBox: '0 0 36 36', className: 'logo' },
    h('rect', { width: 36, height: 36, rx: 8, fill: '#1d2d50' }),
    slot(6.5, 6.5, true),
    slot(19.5, 6.5, true),
    slot(6.5, 19.5, false),
    slot(19.5, 19.5, false),
  );
}
