import { slotDocument, slotsDocument } from '../slot-document.ts';
import { setOwnShare } from '../slot-share.ts';
import type { ApiContext } from './context.ts';
import { type Operation, operation } from './operation.ts';
import { Problem } from './problem.ts';
import {
  askedAnswer,
  connectLinkSchema,
  emptiedAnswer,
  filledAnswer,
  fillSchema,
  linkAnswer,
  shareSchema,
  slotsAnswer,
} from './schemas.ts';

/** The workspace's own slots: filled, emptied, asked for, and links by which somebody else fills one. */
export function slotOperations({ core, ports, links, requests, address }: ApiContext): Operation[] {
  const group = 'Slots';
  const slotOf = ({ slot = '' }: Readonly<Record<string, string>>) => {
    if (!/^[1-9]$/.test(slot)) throw new Problem(404, 'no-such-slot', 'A slot is a number, such as 1.');
    return Number(slot);
  };
  return [
    operation({
      id: 'connectSlot',
      method: 'put',
      path: '/v1/slots/{slot}',
      group,
      summary: 'Put an Apollo key into a self-service slot, in place of the one in it',
      description:
        'The key is checked with Apollo first, which costs no credits; the old one works until then.',
      scope: 'connect',
      body: fillSchema,
      answers: { 200: { description: 'What was connected', schema: filledAnswer } },
      handle: async ({ workspace, token, path, body: { key, label } }) => {
        const slot = slotOf(path);
        const before = (await core.slots.list(workspace)).slots.find(({ number }) => number === slot);
        const asked = { workspace, slot, key, label, by: `token “${token.name}”` };
        const { connection, remarks } =
          before?.state === 'connected' ? await core.slots.replace(asked) : await core.slots.connect(asked);
        const { slots, notation, words } = await core.slots.list(workspace);
        const now = slots.find(({ number }) => number === connection.slot);
        return { body: { slot: now && slotDocument(now, ports.clock.now()), remarks, notation, words } };
      },
    }),
    operation({
      id: 'setSlotShare',
      method: 'put',
      path: '/v1/slots/{slot}/share',
      group,
      summary: "Leave a part of an Apollo team's rate limits to colleagues' other tools",
      description:
        'Holds from the next call on, for self-service slots. Of the keys of one team the least share counts.',
      scope: 'connect',
      body: shareSchema,
      answers: { 200: { description: 'The slots as they are now', schema: slotsAnswer } },
      handle: async ({ workspace, path, body: { share } }) => {
        await setOwnShare(core, workspace, slotOf(path), share);
        return { body: slotsDocument(await core.slots.list(workspace)) };
      },
    }),
    operation({
      id: 'disconnectSlot',
      method: 'delete',
      path: '/v1/slots/{slot}',
      group,
      summary: 'Take the key out of a self-service slot',
      description: 'For ten minutes the page can put it back; then it is deleted for good.',
      scope: 'disconnect',
      answers: { 200: { description: 'What was taken out', schema: emptiedAnswer } },
      handle: async ({ workspace, path }) => {
        const { slot, label, last4 } = await core.slots.disconnect({ workspace, slot: slotOf(path) });
        const { notation, words } = await core.slots.list(workspace);
        return { body: { slot, label, last4, notation, words } };
      },
    }),
    operation({
      id: 'requestSlot',
      method: 'post',
      path: '/v1/slots/{slot}/request',
      group,
      summary: 'Ask the operators to fill a done-for-you slot',
      description: 'Asked again, it gives the first request.',
      scope: 'connect',
      answers: { 200: { description: 'The request', schema: askedAnswer } },
      handle: async ({ workspace, token, path }) => {
        const { slot, by, at } = await requests.ask({
          workspace,
          slot: slotOf(path),
          by: `token “${token.name}”`,
        });
        return { body: { slot, by, at: new Date(at).toISOString() } };
      },
    }),
    operation({
      id: 'createConnectLink',
      method: 'post',
      path: '/v1/connect-links',
      group,
      summary: 'Make a one-time link for putting a key into a self-service slot',
      description:
        'Good for thirty minutes and one key. The person who opens it needs no account and sees nothing else, so that a key passes through no chat.',
      scope: 'connect',
      body: connectLinkSchema,
      answers: { 201: { description: 'The link', schema: linkAnswer } },
      handle: async ({ workspace, token, body: { slot, replace } }) => {
        if (replace && slot === undefined) {
          throw new Problem(422, 'invalid-body', 'slot: say whose key is to be replaced.');
        }
        const purpose =
          replace && slot !== undefined
            ? ({ kind: 'replace', slot } as const)
            : ({ kind: 'connect', slot } as const);
        const { path, until } = await links.make({ workspace, by: `token “${token.name}”`, purpose });
        return { status: 201, body: { url: `${address()}${path}`, until: new Date(until).toISOString() } };
      },
    }),
  ];
}
