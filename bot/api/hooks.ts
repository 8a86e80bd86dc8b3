import type { Hook } from '../hooks/hooks.ts';
import { shownAddress } from '../hooks/shown-address.ts';
import type { ApiContext } from './context.ts';
import { type Operation, operation } from './operation.ts';
import { Problem } from './problem.ts';
import { hookAnswer, hookMadeAnswer, hookRequestSchema, hooksAnswer } from './schemas.ts';

/** Subscriptions to what happens in the workspace. */
export function hookOperations({ notices }: ApiContext): Operation[] {
  const shared = { group: 'Hooks', scope: 'hooks' } as const;
  return [
    operation({
      ...shared,
      id: 'createHook',
      method: 'post',
      path: '/v1/hooks',
      summary: 'Be told what happens in the workspace',
      description:
        'Each event is posted as JSON, signed in `ConnectionSphere-Signature: t=<unix seconds>,v1=<hex>`: the HMAC-SHA256 of `<t>.<body>` with the secret. Retried for a day until answered 2xx; `ConnectionSphere-Delivery` stays the same.',
      body: hookRequestSchema,
      answers: { 201: { description: 'The hook, with its secret', schema: hookMadeAnswer } },
      handle: async ({ workspace, body }) => {
        await notices.check(body.url);
        const hook = await notices.hooks.add({ workspace, ...body });
        return { status: 201, body: { ...hookDocument(hook), secret: hook.secret } };
      },
    }),
    operation({
      ...shared,
      id: 'listHooks',
      method: 'get',
      path: '/v1/hooks',
      summary: 'List the hooks and their last deliveries',
      answers: { 200: { description: 'All hooks', schema: hooksAnswer } },
      handle: async ({ workspace }) => {
        const hooks = (await notices.hooks.list(workspace)).map(async (hook) => ({
          ...hookDocument(hook),
          deliveries: await notices.shown({ kind: 'hook', id: hook.id }),
        }));
        return { body: { hooks: await Promise.all(hooks) } };
      },
    }),
    operation({
      ...shared,
      id: 'sendAgain',
      method: 'post',
      path: '/v1/hooks/{id}/deliveries/{delivery}',
      summary: 'Have a delivery made once more, whatever became of it',
      answers: { 202: { description: 'It is on its way' } },
      handle: async ({ workspace, path: { id = '', delivery = '' } }) => {
        const hook = await notices.hooks.get(id);
        if (hook?.workspace !== workspace) throw noSuchHook(id);
        if (hook.switchedOffAt !== undefined)
          throw new Problem(
            409,
            'hook-off',
            `The hook ${id} is switched off. Switch it on, then send again.`,
          );
        if (await notices.again(id, delivery)) return { status: 202 };
        throw new Problem(404, 'no-such-delivery', `The hook has no delivery ${delivery}.`);
      },
    }),
    operation({
      ...shared,
      id: 'switchHookOn',
      method: 'post',
      path: '/v1/hooks/{id}/switch-on',
      summary: 'Be told again after the hook was switched off',
      description:
        'A hook to which nothing was delivered for three days is switched off. It is told again from the next event on; for what it missed, have deliveries made once more. Nothing changes for a hook that is on.',
      answers: { 200: { description: 'The hook, which is on', schema: hookAnswer } },
      handle: async ({ workspace, path: { id = '' } }) => {
        const hook = await notices.hooks.switchOn(workspace, id);
        if (hook) return { body: hookDocument(hook) };
        throw noSuchHook(id);
      },
    }),
    operation({
      ...shared,
      id: 'deleteHook',
      method: 'delete',
      path: '/v1/hooks/{id}',
      summary: 'Be told no longer',
      answers: { 204: { description: 'It is gone' } },
      handle: async ({ workspace, path: { id = '' } }) => {
        if (await notices.hooks.remove(workspace, id)) return { status: 204 };
        throw noSuchHook(id);
      },
    }),
  ];
}

function noSuchHook(id: string): Problem {
  return new Problem(404, 'no-such-hook', `There is no hook ${id}.`);
}

function hookDocument({ id, url, events, createdAt, switchedOffAt }: Hook): object {
  return {
    id,
    url: shownAddress(url),
    events,
    createdAt: new Date(createdAt).toISOString(),
    ...(switchedOffAt !== undefined && { switchedOffAt: new Date(switchedOffAt).toISOString() }),
  };
}
