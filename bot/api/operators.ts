import { slotDocument } from '../slot-document.ts';
import { requireWorkspace, workspaceNames } from '../workspaces.ts';
import type { ApiContext } from './context.ts';
import { type Operation, operation } from './operation.ts';
import { Problem } from './problem.ts';
import {
  emptiedAnswer,
  filledAnswer,
  limitsAnswer,
  limitsSchema,
  operatorFillSchema,
  workspacesAnswer,
} from './schemas.ts';

/** What the ConnectionSphere team does, in every workspace. */
export function operatorOperations({ core, ports }: ApiContext): Operation[] {
  const shared = { group: 'Operators', scope: 'operator' } as const;
  const slotOf = (path: Readonly<Record<string, string>>) => {
    const { workspace = '', slot = '' } = path;
    if (!/^[1-9]$/.test(slot)) throw new Problem(404, 'no-such-slot', 'A slot is a number, such as 3.');
    return { workspace, slot: Number(slot) };
  };
  return [
    operation({
      ...shared,
      id: 'listWorkspaces',
      method: 'get',
      path: '/v1/workspaces',
      summary: 'List the workspaces',
      answers: { 200: { description: 'All workspaces', schema: workspacesAnswer } },
      handle: async () => {
        const names = await workspaceNames({ core, ports });
        const workspaces = names.map(async (workspace) => {
          const { notation, words } = await core.slots.list(workspace);
          const { credits, monthlyLimit } = await core.credits.month(workspace);
          return { workspace, notation, words, credits, ...(monthlyLimit !== undefined && { monthlyLimit }) };
        });
        return { body: { workspaces: await Promise.all(workspaces) } };
      },
    }),
    operation({
      ...shared,
      id: 'fillSlot',
      method: 'post',
      path: '/v1/workspaces/{workspace}/slots/{slot}',
      summary: 'Put an Apollo key into a done-for-you slot',
      body: operatorFillSchema,
      answers: { 200: { description: 'What was connected', schema: filledAnswer } },
      handle: async ({ path, body: { key, label, newWorkspace = false } }) => {
        if (!newWorkspace) await requireWorkspace(path.workspace ?? '', { core, ports });
        const { connection, remarks } = await core.slots.fill({ ...slotOf(path), key, label });
        const { slots, notation, words } = await core.slots.list(connection.workspace);
        const slot = slots.find(({ number }) => number === connection.slot);
        return { body: { slot: slot && slotDocument(slot, ports.clock.now()), remarks, notation, words } };
      },
    }),
    operation({
      ...shared,
      id: 'clearSlot',
      method: 'delete',
      path: '/v1/workspaces/{workspace}/slots/{slot}',
      summary: 'Take the key out of a done-for-you slot',
      answers: { 200: { description: 'What was taken out', schema: emptiedAnswer } },
      handle: async ({ path }) => {
        const address = slotOf(path);
        await requireWorkspace(address.workspace, { core, ports });
        const { workspace, slot, label, last4 } = await core.slots.clear(address);
        const { notation, words } = await core.slots.list(workspace);
        return { body: { slot, label, last4, notation, words } };
      },
    }),
    operation({
      ...shared,
      id: 'setLimits',
      method: 'put',
      path: '/v1/workspaces/{workspace}/limits',
      summary: 'Set how much a workspace and its slots may spend in a calendar month',
      body: limitsSchema,
      answers: { 200: { description: 'The limits', schema: limitsAnswer } },
      handle: async ({ path: { workspace = '' }, body: { monthlyLimit, slotLimits = {} } }) => {
        await requireWorkspace(workspace, { core, ports });
        for (const [slot, limit] of Object.entries(slotLimits)) {
          await core.credits.setSlotLimit(workspace, Number(slot), limit ?? undefined);
        }
        if (monthlyLimit !== undefined) {
          await core.credits.setMonthlyLimit(workspace, monthlyLimit ?? undefined);
        }
        const now = await core.credits.month(workspace);
        return {
          body: { workspace, monthlyLimit: now.monthlyLimit ?? null, slotLimits: now.slotLimits ?? {} },
        };
      },
    }),
  ];
}
