import type { Core, CoreEvent, Ports, Vault } from '@connectionsphere/core';
import { jobDocument } from '../api/documents.ts';
import { slotDocument } from '../slot-document.ts';
import type { SlotRequest } from '../slot-requests.ts';
import { Callbacks } from './callbacks.ts';
import { Deliveries, type Delivery, type Target } from './deliveries.ts';
import { type Hook, type HookEvent, Hooks } from './hooks.ts';
import { LeadEvents } from './lead-events.ts';
import { createPost, type Post } from './post.ts';
import { shownAddress } from './shown-address.ts';

export { Hooks } from './hooks.ts';

const DAY_MS = 86_400_000;

/** What hooks and callbacks are told. */
type HookedEvent = Exclude<CoreEvent, { readonly type: 'job.reviewed' }>;

interface NoticesOptions {
  readonly core: Core;
  readonly ports: Ports;
  readonly vault: Vault;
  readonly allowPrivate: boolean;
  readonly retentionDays: number;
  /** Where operators are told that a slot is wanted: a hook, or `mailto:`, which nothing is posted to. */
  readonly operatorsUrl?: string | undefined;
}

/** Slack's incoming webhooks take a text and nothing else. */
const SLACK_HOOK = /^https:\/\/hooks\.slack\.com\//;
const OPERATORS: Target = { kind: 'operators', id: 'operators' };

/** Tells other programs what happened: the hooks of a workspace, and whoever asked for a job. */
export class Notices {
  readonly hooks: Hooks;
  readonly #callbacks: Callbacks;
  readonly #deliveries: Deliveries;
  readonly #leads: LeadEvents;
  readonly #post: Post;
  readonly #core: Core;
  readonly #ports: Ports;
  readonly #operatorsUrl: string | undefined;

  constructor({ core, ports, vault, allowPrivate, retentionDays, operatorsUrl }: NoticesOptions) {
    this.#operatorsUrl = operatorsUrl?.startsWith('mailto:') ? undefined : operatorsUrl;
    this.#core = core;
    this.#ports = ports;
    this.hooks = new Hooks(ports, vault, core.audit);
    this.#callbacks = new Callbacks(ports, vault, retentionDays * DAY_MS);
    this.#post = createPost({ allowPrivate });
    this.#deliveries = new Deliveries(
      ports,
      this.#post,
      (target) => this.#destination(target),
      (delivery) => this.#ended(delivery),
      (delivery) => this.#leads.bodyOf(delivery),
    );
    this.#leads = new LeadEvents(core, this.#deliveries);
  }

  async #destination({ kind, id }: Target) {
    if (kind === 'operators')
      return this.#operatorsUrl === undefined ? undefined : { url: this.#operatorsUrl };
    if (kind === 'callback') {
      const callback = await this.#callbacks.of(id);
      return callback && { url: callback.url, secret: () => this.#callbacks.secrets.get(id) };
    }
    const hook = await this.hooks.get(id);
    if (!hook || hook.switchedOffAt !== undefined) return undefined;
    return { url: hook.url, secret: () => this.hooks.secrets.get(id) };
  }

  async #ended(delivery: Delivery): Promise<void> {
    const { target, state } = delivery;
    await this.#leads.goOn(delivery);
    if (target.kind !== 'hook' || !(await this.hooks.ended(target.id, state === 'delivered'))) return;
    this.#ports.log.warn('A hook was switched off: nothing was delivered to it for days', {
      hook: target.id,
    });
  }

  /** Throws `PrivateAddress` for an address that deliveries may not go to. */
  async check(url: string): Promise<void> {
    await this.#post.check(url);
  }

  /** Has a job's own caller told about it; gives the secret that signs what it is told, and the address as it is shown. */
  async callBack(job: string, url: string): ReturnType<Callbacks['add']> {
    return { ...(await this.#callbacks.add(job, url)), url: shownAddress(url) };
  }

  /** What is shown of a job's callback; `undefined` where it has none. */
  async callbackOf(job: string): Promise<{ url: string; deliveries: object[] } | undefined> {
    const callback = await this.#callbacks.of(job);
    return (
      callback && {
        url: shownAddress(callback.url),
        deliveries: await this.shown({ kind: 'callback', id: job }),
      }
    );
  }

  /** A hook's deliveries of the last days, the newest first. */
  async deliveriesOf(hook: string): Promise<Delivery[]> {
    return await this.#deliveries.of({ kind: 'hook', id: hook });
  }

  /** A target's deliveries of the last days. */
  async shown(target: Target): Promise<object[]> {
    return (await this.#deliveries.of(target)).map(deliveryDocument);
  }

  /** Delivers one of a hook's deliveries once more; `false`: the hook has no such delivery. */
  async again(hook: string, delivery: string): Promise<boolean> {
    return await this.#deliveries.again({ kind: 'hook', id: hook }, delivery);
  }

  /** Tells the operators that a workspace wants a done-for-you slot filled; nothing where OPERATORS_URL is not set. */
  async tellOperators({ workspace, slot, by, at }: SlotRequest): Promise<void> {
    const url = this.#operatorsUrl;
    if (url === undefined) return;
    const text = `${by} of workspace "${workspace}" asks for slot ${slot} to be filled with an Apollo key. Fill it on the page under Operator, or with: ./connectionsphere fill ${slot} --workspace ${JSON.stringify(workspace)}`;
    await this.#deliveries.add(OPERATORS, `${workspace}/${slot}/${at}`, 'slot.requested', (id) =>
      SLACK_HOOK.test(url)
        ? { text }
        : { id, type: 'slot.requested', at: new Date(at).toISOString(), workspace, slot, by, text },
    );
  }

  /** Listens and delivers until the signal aborts. */
  async run(signal: AbortSignal): Promise<void> {
    await this.#core.events.subscribe((event) => this.#hear(event));
    await this.#leads.goOnAll(await this.hooks.all());
    await this.#deliveries.run(signal);
  }

  async #hear(event: CoreEvent): Promise<void> {
    // Said by a program, perhaps one that listens here: its own decision is no news to it.
    if (event.type === 'job.reviewed') return;
    if (event.type === 'job.finished') {
      for (const { id } of await this.#hooksFor(event.workspace, 'lead.done'))
        await this.#leads.begin(id, event);
    }
    const targets = await this.#targets(event);
    if (targets.length === 0) return;
    const { id: source, at, workspace, type } = event;
    const about = await this.#about(event);
    for (const target of targets) {
      await this.#deliveries.add(target, source, type, (id) => ({
        id,
        type,
        at: new Date(at).toISOString(),
        workspace,
        ...about,
      }));
    }
  }

  /** The hooks of a workspace that asked for the event and are switched on. */
  async #hooksFor(workspace: string, type: HookEvent): Promise<Hook[]> {
    return (await this.hooks.list(workspace)).filter(
      ({ events, switchedOffAt }) => switchedOffAt === undefined && events.includes(type),
    );
  }

  async #targets(event: HookedEvent): Promise<Target[]> {
    const hooks = await this.#hooksFor(event.workspace, event.type);
    const callback = 'job' in event && (await this.#callbacks.of(event.job));
    return [
      ...hooks.map(({ id }): Target => ({ kind: 'hook', id })),
      ...(callback ? [{ kind: 'callback', id: event.job } as const] : []),
    ];
  }

  async #about(event: HookedEvent): Promise<object> {
    if ('job' in event) {
      const job = await this.#core.jobs.status(event.job);
      return { ...(job && { job: jobDocument(job) }), ...('why' in event && { why: event.why }) };
    }
    const { slots } = await this.#core.slots.list(event.workspace);
    const slot = slots.find(({ number }) => number === event.slot);
    return slot ? { slot: slotDocument(slot, this.#ports.clock.now()) } : {};
  }
}

function deliveryDocument(delivery: Delivery): object {
  const { id, type, state, attempts, lastAttemptAt, nextAttemptAt, status, error } = delivery;
  return {
    id,
    type,
    state,
    attempts,
    ...(lastAttemptAt !== undefined && { lastAttemptAt: new Date(lastAttemptAt).toISOString() }),
    ...(nextAttemptAt !== undefined && { nextAttemptAt: new Date(nextAttemptAt).toISOString() }),
    ...(status !== undefined && { status }),
    ...(error !== undefined && { error }),
  };
}
