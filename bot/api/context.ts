import type { Core, Ports } from '@connectionsphere/core';
import type { ListBounds } from '@connectionsphere/core/node';
import type { Notices } from '../hooks/index.ts';
import type { SlotRequests } from '../slot-requests.ts';
import type { OneTimeLinks } from '../web/links.ts';
import type { Tokens } from './tokens.ts';

/** What the operations work on. */
export interface ApiContext {
  readonly core: Core;
  readonly ports: Ports;
  readonly tokens: Tokens;
  readonly notices: Notices;
  readonly links: OneTimeLinks;
  readonly requests: SlotRequests;
  /** Where people reach the server, without a slash at its end. */
  readonly address: () => string;
  /** How large a list may be. */
  readonly bounds: ListBounds;
}
