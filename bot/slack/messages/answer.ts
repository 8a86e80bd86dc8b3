import type { KnownBlock } from '@slack/types';
import { type Message, section } from '../blocks.ts';

/** A plain answer: one sentence or two, and perhaps something to press. */
export function answer(text: string, ...more: KnownBlock[]): Message {
  return { text: text.replace(/[*_`]/g, ''), blocks: [section(text), ...more] };
}
