import type { Clock, Core, Log } from '@connectionsphere/core';
import type { Tokens } from '../api/tokens.ts';
import type { Clients } from './clients.ts';
import type { Departure } from './departure.ts';
import type { Facts } from './facts.ts';
import type { JobBook } from './job-book.ts';
import type { JobDesk } from './job-desk.ts';
import type { Lists } from './lists.ts';
import type { Once } from './once.ts';
import type { People } from './people.ts';
import type { Permissions } from './permissions.ts';
import type { SettingsBook } from './settings.ts';
import type { StepDesk } from './step-desk.ts';

/** Everything that a listener may need; made once, in `app.ts`. */
export interface Services {
  readonly core: Core;
  readonly log: Log;
  readonly clock: Clock;
  readonly tokens: Tokens;
  readonly clients: Clients;
  readonly people: People;
  readonly permissions: Permissions;
  readonly settings: SettingsBook;
  readonly once: Once;
  readonly lists: Lists;
  readonly book: JobBook;
  readonly desk: JobDesk;
  readonly steps: StepDesk;
  readonly facts: Facts;
  readonly departure: Departure;
}
