import type { Core, Ports } from '@connectionsphere/core';
import type { ListBounds } from '@connectionsphere/core/node';
import type { Notices } from '../hooks/index.ts';
import type { Tokens } from './tokens.ts';

/** What the operations work on. */
export interface ApiContext {
  readonly core: Core;
  readonly ports: Ports;
  readonly tokens: Tokens;
  readonly notices: Notices;
  /** How large a list may be. */
  readonly bounds: ListBounds;
}
