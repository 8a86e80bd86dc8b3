import type { WebClient } from '@slack/web-api';
import type { Reader } from '../../../reader.ts';
import type { Message } from '../../blocks.ts';
import type { Asker } from '../../people/people.ts';
import type { Services } from '../../services.ts';

/** Somebody typed `/apollo word rest`. */
export interface Invocation extends Asker {
  readonly services: Services;
  readonly client: WebClient;
  /** Opens one modal within three seconds. */
  readonly trigger: string;
  /** What stands after the command's word. */
  readonly rest: string;
  /** Asks Slack at the first use. */
  reader(): Promise<Reader>;
}

/** Gives what only the asker sees; nothing where a modal is the answer. What it throws is told in words. */
export type Subcommand = (invocation: Invocation) => Promise<Message | undefined>;
