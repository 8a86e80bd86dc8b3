import type { Clock, Core, Log } from '@connectionsphere/core';
import type { Tokens } from '../api/tokens.ts';
import type { Organisations } from './installation/organisations.ts';
import type { Uninstallation } from './installation/uninstallation.ts';
import type { JobRepository } from './jobs/job-repository.ts';
import type { JobService } from './jobs/job-service.ts';
import type { StepService } from './jobs/step-service.ts';
import type { Lists } from './lists/lists.ts';
import type { HomeChoices } from './people/home-choices.ts';
import type { ListAccess } from './people/list-access.ts';
import type { Pages } from './people/pages.ts';
import type { People } from './people/people.ts';
import type { Permissions } from './people/permissions.ts';
import type { PersonCredits } from './people/person-credits.ts';
import type { SettingsRepository } from './people/settings.ts';
import type { Welcomes } from './people/welcomes.ts';
import type { Clients } from './transport/clients.ts';
import type { Once } from './transport/once.ts';
import type { ViewModels } from './view-models.ts';

/** Everything that a listener may need; made once, in `index.ts`. */
export interface Services {
  readonly core: Core;
  readonly log: Log;
  readonly clock: Clock;
  readonly tokens: Tokens;
  readonly clients: Clients;
  readonly people: People;
  readonly permissions: Permissions;
  /** None where PUBLIC_URL is not set: people elsewhere could not open a link. */
  readonly pages: Pages | undefined;
  readonly access: ListAccess;
  readonly settings: SettingsRepository;
  readonly personCredits: PersonCredits;
  readonly welcomes: Welcomes;
  readonly homeChoices: HomeChoices;
  readonly once: Once;
  readonly lists: Lists;
  readonly repository: JobRepository;
  readonly jobService: JobService;
  readonly steps: StepService;
  readonly model: ViewModels;
  readonly uninstallation: Uninstallation;
  readonly organisations: Organisations;
}
