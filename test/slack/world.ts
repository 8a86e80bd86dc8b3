import { once } from 'node:events';
import type { Server } from 'node:http';
import express from 'express';
import { actingAs, actorNow } from '../../bot/acting.ts';
import { Tokens } from '../../bot/api/tokens.ts';
import { lateRoute } from '../../bot/server/late-route.ts';
import { type Slack, startSlack } from '../../bot/slack/index.ts';
import { OneTimeLinks } from '../../bot/web/links.ts';
import { type Clock, type Core, createCore, createVault, type Store } from '../../core/index.ts';
import {
  createHttp,
  createLog,
  type LogLevel,
  loadKeyRing,
  openStore,
  readConfig,
  singleProcess,
  systemClock,
} from '../../core/node/index.ts';
import { freePort } from '../api/free-port.ts';
import { temporaryDirectory } from '../platform/temporary-directory.ts';
import { type Sandbox, type SandboxSettings, startSandbox } from '../sandbox/index.ts';
import { apolloKey } from '../slots/world.ts';
import { Person, SIGNING_SECRET } from './person.ts';
import { BOT_TOKEN, SlackServer } from './slack-server.ts';

export interface World extends AsyncDisposable {
  readonly slack: SlackServer;
  readonly sandbox: Sandbox;
  readonly core: Core;
  readonly store: Store;
  readonly links: OneTimeLinks;
  /** Keys of two Apollo teams: two of the first, one of the second. */
  readonly keys: { readonly one: string; readonly other: string; readonly third: string };
  readonly ada: Person;
  readonly bob: Person;
  /** An admin of the workspace. */
  readonly root: Person;
  readonly logged: string[];
  readonly eventsUrl: string;
  /** DATA_DIR. */
  readonly directory: string;
  /** Ends the bot and starts it again on the same store. */
  restart(): Promise<void>;
  /** So much time passes at once for the core, ms; whatever it waits for is over. */
  jump(ms: number): void;
}

interface WorldOptions {
  readonly sandbox?: SandboxSettings;
  readonly logLevel?: LogLevel;
  /** Where Socket Mode connects to. */
  readonly socketUrl?: string;
  /** Apollo reaches the bot: late results are pushed. Else they are polled for. */
  readonly isPublic?: boolean;
  readonly env?: Record<string, string> | ((slackOrigin: string) => Record<string, string>);
  /** How many times faster than the real clock the bot's sleeps are. */
  readonly haste?: number;
  /** A call to Slack that takes longer is given up, ms; default: ten seconds. */
  readonly callTimeoutMs?: number;
}

/** The bot over HTTP in this process, with everything around it real: store, HTTP, Slack's emulator, the sandbox. */
export async function createWorld(options: WorldOptions = {}): Promise<World> {
  const stack = new AsyncDisposableStack();
  const slack = stack.use(new SlackServer());
  await slack.start([
    { name: 'ada' },
    { name: 'bob' },
    { name: 'root', is_admin: true },
    { name: 'gus' },
    { name: 'pat' },
  ]);
  slack.socketUrl = options.socketUrl ?? '';
  const keys = { one: apolloKey(), other: apolloKey(), third: apolloKey() };
  const sandbox = stack.use(
    await startSandbox({
      teams: [
        { id: 'team-a', keys: [keys.one, keys.other] },
        { id: 'team-b', keys: [keys.third] },
      ],
      minuteMs: 2_000,
      lateMs: 1500,
      ...options.sandbox,
    }),
  );
  const directory = await temporaryDirectory();
  const port = await freePort();
  const coreClock = new JumpingClock();
  const logged: string[] = [];
  const log = createLog({
    level: options.logLevel ?? 'debug',
    write: (line) => logged.push(line),
    json: true,
  });
  const config = readConfig({
    DATA_DIR: directory,
    APOLLO_BASE_URL: sandbox.url,
    APOLLO_MINUTE_MS: '2000',
    SLACK_API_URL: slack.apiUrl,
    SLACK_BOT_TOKEN: BOT_TOKEN,
    SLACK_SIGNING_SECRET: SIGNING_SECRET,
    SUPPORT_URL: 'https://support.contoso.example/apollo',
    ...(options.isPublic && { PUBLIC_URL: `http://127.0.0.1:${port}` }),
    ...(typeof options.env === 'function' ? options.env(slack.origin) : options.env),
  });
  const haste = options.haste ?? 1;
  const clock = {
    ...systemClock,
    sleep: (ms: number, signal?: AbortSignal) => systemClock.sleep(ms / haste, signal),
  };

  let running:
    | (Pick<World, 'core' | 'store' | 'links'> & { bot: Slack; server: Server; close(): Promise<void> })
    | undefined;
  const start = async () => {
    const own = new AsyncDisposableStack();
    const store = await openStore(directory, { command: 'test' });
    own.defer(() => store.close());
    const http = createHttp();
    own.defer(() => http.close());
    const keyRing = await loadKeyRing(config);
    const ports = singleProcess({ clock: coreClock, http, log, store, actor: actorNow, actAs: actingAs });
    const core = await createCore(ports, {
      apolloBaseUrl: config.apollo.baseUrl,
      minuteMs: config.apollo.minuteMs,
      slots: config.slots,
      retentionDays: config.retentionDays,
      keyRing,
      publicUrl: config.publicUrl,
    });
    own.defer(() => core.close());
    const stopping = new AbortController();
    const maintenance = core.tend(stopping.signal);
    own.defer(async () => {
      stopping.abort();
      await maintenance;
    });
    const app = express();
    app.use(lateRoute(core, log));
    const links = new OneTimeLinks({ ...ports, clock }, createVault(keyRing), core.audit);
    const bot = await startSlack({
      core,
      config,
      log,
      ports,
      vault: createVault(keyRing),
      clock,
      tokens: new Tokens({ store, clock }, core.audit),
      links,
      express: app,
      ...(options.callTimeoutMs !== undefined && { callTimeoutMs: options.callTimeoutMs }),
    });
    if (!bot) throw new Error('The bot did not start');
    own.defer(() => bot.close());
    const server = app.listen(port, '127.0.0.1');
    await once(server, 'listening');
    own.defer(async () => {
      server.closeAllConnections();
      server.close();
    });
    running = { core, store, links, bot, server, close: () => own.disposeAsync() };
    return running;
  };
  stack.defer(async () => await running?.close());
  await start();
  const eventsUrl = `http://127.0.0.1:${port}/slack/events`;
  const now = () => {
    if (!running) throw new Error('The bot is not running');
    return running;
  };
  const person = async (name: string) => new Person(await slack.userId(name), slack, eventsUrl);

  return {
    slack,
    sandbox,
    keys,
    logged,
    eventsUrl,
    directory,
    ada: await person('ada'),
    bob: await person('bob'),
    root: await person('root'),
    jump: (ms) => coreClock.jump(ms),
    get core() {
      return now().core;
    },
    get links() {
      return now().links;
    },
    get store() {
      return now().store;
    },
    restart: async () => {
      await running?.close();
      await start();
    },
    [Symbol.asyncDispose]: async () => {
      await stack.disposeAsync();
      if (slack.problems.length > 0) throw new AggregateError(slack.problems, String(slack.problems[0]));
    },
  };
}

/** The real time, but for jumps. */
class JumpingClock implements Clock {
  readonly #waiting = new Set<AbortController>();
  #ahead = 0;

  now(): number {
    return systemClock.now();
  }

  monotonic(): number {
    return systemClock.monotonic() + this.#ahead;
  }

  async sleep(ms: number, signal?: AbortSignal): Promise<void> {
    const jumped = new AbortController();
    this.#waiting.add(jumped);
    await systemClock.sleep(ms, signal ? AbortSignal.any([signal, jumped.signal]) : jumped.signal);
    this.#waiting.delete(jumped);
  }

  jump(ms: number): void {
    this.#ahead += ms;
    for (const sleeper of this.#waiting) sleeper.abort();
  }
}
