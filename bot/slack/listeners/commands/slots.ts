import { setOwnShare } from '../../../slot-share.ts';
import { answer } from '../../messages/answer.ts';
import type { Subcommand } from './invocation.ts';

const HOW =
  'Say which slot, and how many percent of its Apollo team’s limits it may use: `/apollo slots share 2=50`. With 100 it uses all of them.';

/** The slots; with `share 2=50`, after the share of one is set. */
export const slots: Subcommand = async (invocation) => {
  const { services, workspace, reader, rest } = invocation;
  if (rest === '') return await services.model.slots(workspace, await reader());
  const [, slot, percent] = /^share\s+([1-9])\s*(?:=|:|\s)\s*(\d{1,3})\s*%?$/i.exec(rest) ?? [];
  const share = Number(percent);
  if (slot === undefined || share < 1 || share > 100) return answer(HOW);
  await services.permissions.require('connect', invocation);
  await setOwnShare(services.core, workspace, Number(slot), share);
  const note =
    share === 100
      ? 'all of its limits'
      : `${share} % of its limits and leaves the rest to colleagues’ other tools`;
  return await services.model.slots(
    workspace,
    await reader(),
    `Slot ${slot} uses ${note}. It holds from the next call on.`,
  );
};
