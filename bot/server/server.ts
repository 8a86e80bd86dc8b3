import { once } from 'node:events';
import { createServer, type Server as HttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Http, Log } from '@connectionsphere/core';
import type { Config } from '@connectionsphere/core/node';
import express, { type Application } from 'express';
import { createApi } from '../api/index.ts';
import { RateLimit } from '../api/rate-limit.ts';
import { Tokens } from '../api/tokens.ts';
import { type Commands, commandsOf } from '../commands.ts';
import { type OpenCore, openCore, type ServerRole } from '../core.ts';
import { Notices } from '../hooks/index.ts';
import { startSlack } from '../slack/index.ts';
import { SlotRequests } from '../slot-requests.ts';
import { tokenSchedules } from '../token-schedules.ts';
import { version } from '../version.ts';
import { createErrorPages, createWeb, OneTimeLinks, Sessions } from '../web/index.ts';
import type { LinkRequest } from '../web/links.ts';
import { openCommandSocket } from './command-socket.ts';
import { lateRoute } from './late-route.ts';
import { Metrics } from './metrics.ts';
import { report, type SlackState } from './report.ts';
import { logOfRequests, requestIds } from './request-ids.ts';
import { statusRoutes } from './status-routes.ts';
import type { Tracing } from './tracing.ts';

/** ms for the head of a request; and for all of one, the largest lists over slow lines included. */
const HEAD_MS = 15_000;
const REQUEST_MS = 60 * 60 * 1000;
/** ms that answers under way get when the process is asked to end; then their connections are broken. */
const GRACE_MS = 10_000;

export interface Server {
  readonly port: number;
  /** What is running and what is not, for people. */
  readonly report: readonly string[];
  /** Makes a one-time link to the page; `undefined` where this process serves none. */
  link(request: LinkRequest): Promise<string | undefined>;
  /** Resolves when the store has answered. */
  storeAnswers(): Promise<unknown>;
  /** Takes no more requests, pauses jobs, waits for the calls under way and closes everything. */
  close(): Promise<void>;
}

/** Starts all that the process serves. Throws what the settings and the store throw, and when the port is taken. */
export async function startServer(config: Config, plainLog: Log, role: ServerRole = 'all'): Promise<Server> {
  const log = logOfRequests(plainLog);
  await using starting = new AsyncDisposableStack();
  const metrics = new Metrics();
  const tracing = config.traces && (await startTracing(config.traces));
  if (tracing) starting.defer(() => tracing.close());
  const watch = { meter: metrics.meter, measured: (http: Http) => measured(http, metrics, tracing) };
  const owner = { command: 'connectionsphere serve', role, ...(config.port > 0 && { port: config.port }) };
  const opened = await openCore(config, log, owner, watch);
  starting.defer(opened.close);
  const { core, ports } = opened;
  metrics.observe(core);
  core.jobs.scheduleRuns.startedBy(tokenSchedules(core, new Tokens(ports, core.audit)));
  const stopping = new AbortController();
  let listeningOn = config.port;
  const address = () => config.publicUrl ?? `http://localhost:${listeningOn}`;
  const app = express().disable('x-powered-by').use(requestIds);
  if (tracing) app.use(tracing.handler);
  app.use(metrics.handler, statusRoutes(ports, metrics, stopping.signal));
  const slack: SlackState =
    role === 'worker'
      ? { state: 'elsewhere' }
      : await serveSurfaces({ opened, config, log, app, tracing, stopping, starting, address });
  const server = createServer({ headersTimeout: HEAD_MS, requestTimeout: REQUEST_MS }, app);
  const port = await listen(server, config);
  listeningOn = port;
  starting.defer(() => closeServer(server));
  const maintenance = core.tend(stopping.signal);
  starting.defer(() => maintenance);
  starting.defer(() => stopping.abort());
  const resources = starting.move();
  return {
    port,
    report: report(config, role, port, slack),
    link: async (request) => {
      if (role === 'worker') return undefined;
      const { path } = await new OneTimeLinks(ports, opened.vault, core.audit).make(request);
      return `${address()}${path}`;
    },
    storeAnswers: () => ports.store.collection('probes').get('ready'),
    close: () => resources.disposeAsync(),
  };
}

/** Loaded only where it is asked for: nobody else should wait for it. */
async function startTracing(settings: NonNullable<Config['traces']>): Promise<Tracing> {
  const { Tracing } = await import('./tracing.ts');
  return new Tracing(settings, version());
}

function measured(http: Http, metrics: Metrics, tracing: Tracing | undefined): Http {
  const counted = metrics.measured(http);
  return tracing ? tracing.traced(counted) : counted;
}

interface Surfaces {
  readonly opened: OpenCore;
  readonly config: Config;
  readonly log: Log;
  readonly app: Application;
  readonly tracing: Tracing | undefined;
  readonly stopping: AbortController;
  readonly starting: AsyncDisposableStack;
  /** Where people reach the server, once it listens. */
  readonly address: () => string;
}

/** Everything that people and other programs meet. */
async function serveSurfaces(surfaces: Surfaces): Promise<SlackState> {
  const { opened, config, log, app, tracing, stopping, starting, address } = surfaces;
  const { core, ports, vault } = opened;
  const { allowPrivateCallbacks: allowPrivate, requestsPerMinute } = config.api;
  const notices = new Notices({
    core,
    ports,
    vault,
    allowPrivate,
    retentionDays: config.retentionDays,
    operatorsUrl: config.operatorsUrl,
  });
  const tokens = new Tokens(ports, core.audit);
  const links = new OneTimeLinks(ports, vault, core.audit);
  const requests = new SlotRequests(core, ports, notices);
  const rateLimit = await RateLimit.open(requestsPerMinute, config.redisUrl);
  starting.defer(() => rateLimit.close());
  // All hear the same: nothing is told before the last of them listens.
  const release = core.events.hold();
  if (tracing) await core.events.subscribe((event) => tracing.job(core, event));
  const noticing = notices.run(stopping.signal);
  starting.defer(() => noticing);
  // Also when the start fails from here on: it would wait for them for ever.
  starting.defer(() => stopping.abort());
  const slack = await startSlackBeside(surfaces, tokens, links);
  const people = slack.state === 'on' ? slack.people : undefined;
  release();
  app.use(
    lateRoute(core, log),
    createApi({
      context: { core, ports, tokens, notices, links, requests, address, bounds: config.lists },
      rateLimit,
      stopping: stopping.signal,
      version: version(),
    }),
    createWeb({
      core,
      ports,
      log,
      config,
      tokens,
      notices,
      links,
      slack: people,
      sessions: new Sessions(ports, tokens, core.audit, people),
      requests,
      address,
      stopping: stopping.signal,
    }),
    ...createErrorPages({ log }),
  );
  if (config.redisUrl === undefined)
    await openCommandsBeside(config, commandsOf(opened, { links, address }), log, starting);
  return slack;
}

/** Slack that cannot be started is told, and keeps nobody from the API. */
async function startSlackBeside(
  { opened, config, log, app, starting }: Surfaces,
  tokens: Tokens,
  links: OneTimeLinks,
): Promise<SlackState> {
  try {
    const { core, ports, vault } = opened;
    const slack = await startSlack({
      core,
      config,
      log,
      ports,
      vault,
      clock: ports.clock,
      tokens,
      links,
      express: app,
    });
    if (!slack) return { state: 'off' };
    starting.defer(() => slack.close());
    return { state: 'on', people: slack.people };
  } catch (error) {
    log.error('Slack could not be started', { error });
    return { state: 'failed', why: error instanceof Error ? error.message : String(error) };
  }
}

/** Without it, the command line only works while the server is stopped. */
async function openCommandsBeside(
  config: Config,
  calls: Commands,
  log: Log,
  starting: AsyncDisposableStack,
): Promise<void> {
  try {
    const commands = await openCommandSocket(config.dataDir, calls);
    starting.defer(() => commands.close());
  } catch (error) {
    log.warn('The command line cannot reach this server while it runs', { error });
  }
}

async function listen(server: HttpServer, { port, host }: Config): Promise<number> {
  server.listen({ port, ...(host !== undefined && { host }) });
  try {
    await once(server, 'listening');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') {
      throw new Error(`HOST=${host} is no address of this machine. Set HOST to one, or to 0.0.0.0 for all.`, {
        cause: error,
      });
    }
    if (code !== 'EADDRINUSE') throw error;
    throw new Error(`Port ${port} is taken by another program. Stop that, or set PORT to a free port.`, {
      cause: error,
    });
  }
  return (server.address() as AddressInfo).port;
}

/** Idle connections go at once, those with an answer under way when it is out or its time is up. */
async function closeServer(server: HttpServer): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  server.closeIdleConnections();
  const timer = setTimeout(() => server.closeAllConnections(), GRACE_MS);
  await closed;
  clearTimeout(timer);
}
