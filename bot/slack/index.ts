import type { Clock, Core, CoreEvent, Log, Ports, Vault } from '@connectionsphere/core';
import type { Config } from '@connectionsphere/core/node';
import type { Receiver } from '@slack/bolt';
import { WebClient } from '@slack/web-api';
import type { Application } from 'express';
import type { Tokens } from '../api/tokens.ts';
import { Hooks } from '../hooks/index.ts';
import type { OneTimeLinks } from '../web/links.ts';
import type { SlackPeople } from '../web/sessions.ts';
import { createApp } from './app.ts';
import { InstallationRepository, StateRepository } from './installation/many-workspaces.ts';
import { Organisations } from './installation/organisations.ts';
import { Rotation } from './installation/rotation.ts';
import { singleWorkspace } from './installation/single-workspace.ts';
import { Uninstallation } from './installation/uninstallation.ts';
import { DecisionNotices } from './jobs/decision-notices.ts';
import { JobNotifier } from './jobs/job-notifier.ts';
import { JobRepository } from './jobs/job-repository.ts';
import { JobService } from './jobs/job-service.ts';
import { Outbox } from './jobs/outbox.ts';
import { ProgressMessages } from './jobs/progress-messages.ts';
import { scheduledLists } from './jobs/scheduled-lists.ts';
import { type StepResult, StepService } from './jobs/step-service.ts';
import { Lists } from './lists/lists.ts';
import { askerFor } from './people/asking.ts';
import { HomeChoices } from './people/home-choices.ts';
import { ListAccess } from './people/list-access.ts';
import { PagePeople } from './people/page-people.ts';
import { Pages } from './people/pages.ts';
import { People } from './people/people.ts';
import { Permissions } from './people/permissions.ts';
import { PersonCredits } from './people/person-credits.ts';
import { SettingsRepository } from './people/settings.ts';
import { Welcomes } from './people/welcomes.ts';
import type { Services } from './services.ts';
import { Clients, clientOptions } from './transport/clients.ts';
import { seenRequests } from './transport/freshness.ts';
import { KnownBlocks } from './transport/known-blocks.ts';
import { Once } from './transport/once.ts';
import { httpReceiver, socketReceiver } from './transport/receivers.ts';
import { ViewModels } from './view-models.ts';

const DAY_MS = 86_400_000;

export interface SlackOptions {
  readonly core: Core;
  readonly config: Config;
  readonly log: Log;
  readonly ports: Pick<Ports, 'store' | 'coordination' | 'shared'>;
  readonly clock: Clock;
  /** Seals tokens of installations, and hooks' secrets. */
  readonly vault: Vault;
  /** For `/apollo token`. */
  readonly tokens: Tokens;
  /** For `/apollo open`, and for keys and tokens that pass through no chat. */
  readonly links: OneTimeLinks;
  /** Gets Slack's routes when it speaks HTTP with us. Whoever owns it lets it listen. */
  readonly express: Application;
  /** A call to Slack that takes longer is given up, ms; default: ten seconds. */
  readonly callTimeoutMs?: number;
}

export interface Slack {
  /** Its people, on the page. */
  readonly people: SlackPeople;
  /** Hears nothing more, and stops saying things after the one under way; the rest is said by the next process. */
  close(): Promise<void>;
}

/**
 * Starts the Slack bot: over HTTP where SLACK_SIGNING_SECRET is set, in Socket Mode where SLACK_APP_TOKEN is.
 * One workspace by SLACK_BOT_TOKEN, or many by OAuth (SLACK_CLIENT_ID and SLACK_CLIENT_SECRET, over HTTP).
 * Gives `undefined` where the settings say neither how nor whom.
 */
export async function startSlack(options: SlackOptions): Promise<Slack | undefined> {
  const { core, config, log, clock, tokens, express } = options;
  const { store, coordination, shared } = options.ports;
  const { slack } = config;
  if (!slack.signingSecret && !slack.appToken) return undefined;
  // Installation pages need HTTP.
  const isForMany = !slack.botToken && slack.client !== undefined && slack.signingSecret !== undefined;
  if (!slack.botToken && !isForMany) return undefined;

  const client = clientOptions(slack.apiUrl, log, options.callTimeoutMs);
  const rotation =
    slack.client &&
    new Rotation({ client: slack.client, slack: new WebClient(undefined, client), clock, log });
  const many = isForMany ? new InstallationRepository(options.ports, options.vault, rotation) : undefined;
  const single = slack.botToken ? singleWorkspace(slack.botToken, client, log) : undefined;
  const tokenOf = single?.tokenOf ?? many?.tokenOf;
  const installed = single?.installed ?? many?.installed;
  if (!tokenOf || !installed) return undefined;
  const clients = new Clients(tokenOf, client);
  const organisations = new Organisations(store);
  const people = new People(clock, log);
  const settings = new SettingsRepository(store, core.audit);
  const repository = new JobRepository(store, config.retentionDays * DAY_MS);
  const progressMessages = new ProgressMessages({
    core,
    clients,
    people,
    repository,
    clock,
    log,
    coordination,
    shared,
    onCancelled: async (record) => {
      await steps.cancelled(record);
      await repository.stepEnded(record);
    },
  });
  const personCredits = new PersonCredits(core, settings, coordination);
  const jobService = new JobService({
    core,
    clients,
    repository,
    progressMessages,
    coordination,
    personCredits,
    hasPage: config.publicUrl !== undefined,
    log,
  });
  const permissions = new Permissions(settings, people);
  const access = new ListAccess(core, repository, permissions);
  const homeChoices = new HomeChoices(store);
  const model = new ViewModels({ core, clock, access, homeChoices, config });
  const jobNotifier = new JobNotifier({
    core,
    clients,
    people,
    settings,
    repository,
    progressMessages,
    jobService,
    decisionNotices: new DecisionNotices(store),
    knownBlocks: new KnownBlocks(clock),
    log,
    model,
  });
  const outbox = new Outbox<CoreEvent | StepResult>({
    store,
    clock,
    log,
    coordination,
    deliver: (event, step) => jobNotifier.deliver(event, step),
  });
  const steps = new StepService(outbox);
  const welcomes = new Welcomes(store, coordination, clock);
  const asker = askerFor(clients, installed);
  const pagePeople = new PagePeople({ people, permissions, access, repository, asker, personCredits });
  core.jobs.scheduleRuns.startedBy(scheduledLists({ asker, permissions, repository, jobService }));
  const services: Services = {
    core,
    log,
    clock,
    tokens,
    clients,
    people,
    permissions,
    pages:
      config.publicUrl === undefined ? undefined : new Pages(options.links, pagePeople, config.publicUrl),
    access,
    settings,
    personCredits,
    welcomes,
    homeChoices,
    once: new Once(store, coordination),
    lists: new Lists({ core, apiUrl: slack.apiUrl, bounds: config.lists, store, clock, log }),
    repository,
    jobService,
    steps,
    organisations,
    model,
    uninstallation: new Uninstallation({
      core,
      store,
      clock,
      coordination,
      clients,
      tokens,
      hooks: new Hooks({ store, coordination, clock }, options.vault, core.audit),
      settings,
      welcomes,
      homeChoices,
      repository,
      progressMessages,
      outbox,
      organisations,
      installations: many,
      revokedMs: slack.revokedDays * DAY_MS,
      log,
    }),
  };

  const http = slack.signingSecret
    ? httpReceiver({
        signingSecret: slack.signingSecret,
        express,
        clock,
        seen: seenRequests(store, coordination),
        log,
        oauth: many &&
          slack.client && {
            client: slack.client,
            installations: many,
            states: new StateRepository(store, coordination),
            publicUrl: config.publicUrl,
            apiUrl: slack.apiUrl,
            clientOptions: client,
          },
      })
    : undefined;
  const appOn = (receiver: Receiver, authorize = single?.authorize) =>
    createApp({ receiver, authorize, clientOptions: client, services });
  if (http) appOn(http);
  const socket = slack.appToken
    ? appOn(
        socketReceiver({ appToken: slack.appToken, clientOptions: client, log }),
        single?.authorize ?? http?.installer?.authorize,
      )
    : undefined;
  await socket?.start();
  await core.events.subscribe((event) => outbox.add(event));
  const takeOver = async () => {
    await outbox.resume();
    await progressMessages.resume();
  };
  shared.onLost(() => {
    takeOver().catch((error: unknown) =>
      log.error('What a process that died had to say could not be taken over', { error }),
    );
  });
  await takeOver();
  const stopping = new AbortController();
  const maintenance = services.uninstallation.tend(stopping.signal);
  return {
    people: pagePeople,
    close: async () => {
      stopping.abort();
      await maintenance;
      await socket?.stop();
      await progressMessages.close();
      await outbox.close();
    },
  };
}
