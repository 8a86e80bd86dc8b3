import type { Clock, Core } from '@connectionsphere/core';
import type { Config } from '@connectionsphere/core/node';
import type { Reader } from '../reader.ts';
import type { Message } from './blocks.ts';
import { creditsMessage } from './messages/credits.ts';
import { type SlotsModel, slotsMessage } from './messages/slots.ts';
import type { HomeChoices } from './people/home-choices.ts';
import type { ListAccess } from './people/list-access.ts';
import type { Asker } from './people/people.ts';
import { type HomeModel, homeView } from './views/home.ts';

interface ViewModelsOptions {
  readonly core: Core;
  readonly clock: Clock;
  readonly access: ListAccess;
  readonly homeChoices: HomeChoices;
  readonly config: Config;
}

/** What a message or view is built from, read from the core at one moment. */
export class ViewModels {
  readonly #core: Core;
  readonly #clock: Clock;
  readonly #access: ListAccess;
  readonly #homeChoices: HomeChoices;
  readonly #supportUrl: string | undefined;
  /** Whether people reach the page. */
  readonly hasPage: boolean;

  constructor({ core, clock, access, homeChoices, config }: ViewModelsOptions) {
    this.#core = core;
    this.#clock = clock;
    this.#access = access;
    this.#homeChoices = homeChoices;
    this.#supportUrl = config.supportUrl;
    this.hasPage = config.publicUrl !== undefined;
  }

  async slots(workspace: string, reader: Reader, note?: string): Promise<Message> {
    return slotsMessage(await this.#slots(workspace, reader, note));
  }

  async credits(asker: Asker, reader: Reader): Promise<Message> {
    const { workspace } = asker;
    const [month, view, jobs] = await Promise.all([
      this.#core.credits.month(workspace),
      this.#core.slots.list(workspace),
      this.#access.list(asker),
    ]);
    return creditsMessage({ month, view, jobs, reader, now: this.#clock.now() });
  }

  async home(asker: Asker, reader: Reader, note?: string): Promise<ReturnType<typeof homeView>> {
    const { workspace, user } = asker;
    const jobs = await this.#access.list(asker);
    const [slots, month, mine, lists] = await Promise.all([
      this.#slots(workspace, reader, note),
      this.#core.credits.month(workspace),
      this.#access.mine(asker, jobs),
      this.#homeChoices.of(workspace, user),
    ]);
    const model: HomeModel = { ...slots, month, jobs, mine, lists, hasPage: this.hasPage };
    return homeView(model);
  }

  async #slots(workspace: string, reader: Reader, note: string | undefined): Promise<SlotsModel> {
    const [view, jobs, limiters] = await Promise.all([
      this.#core.slots.list(workspace),
      this.#core.jobs.list(workspace),
      this.#core.limiters(),
    ]);
    return {
      view,
      limiters,
      reader,
      now: this.#clock.now(),
      runningJobs: jobs.filter(({ state }) => state === 'running').length,
      supportUrl: this.#supportUrl,
      note,
    };
  }
}
