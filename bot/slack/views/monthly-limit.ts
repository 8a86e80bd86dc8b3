import type { Core, CreditSettings, SlotsView } from '@connectionsphere/core';
import type { InputBlock, ModalView } from '@slack/types';
import { VIEW } from '../action-ids.ts';
import { cut, LIMITS, plain, section } from '../blocks.ts';

const ACTION = 'limit';
const WORKSPACE = 'limit';
const SLOT = 'limit.slot.';

type Entered = Readonly<Record<string, Readonly<Record<string, { readonly value?: string | null }>>>>;

/** What somebody entered: a limit, or `undefined` for none, of the workspace and of every slot that was asked for. */
export interface EnteredLimits {
  readonly workspace: number | undefined;
  readonly slots: ReadonlyMap<number, number | undefined>;
}

/** As they would be kept, for a form that is drawn anew. */
export function asEntered({ workspace, slots }: EnteredLimits): CreditSettings {
  const own = [...slots].filter((entry): entry is [number, number] => entry[1] !== undefined);
  return {
    ...(workspace !== undefined && { monthlyLimit: workspace }),
    slotLimits: Object.fromEntries(own),
  };
}

/** Saves what is another now, so that a form that was open for long changes nothing else. */
export async function saveLimits(core: Core, workspace: string, { workspace: whole, slots }: EnteredLimits) {
  const { monthlyLimit, slotLimits = {} } = await core.credits.month(workspace);
  if (whole !== monthlyLimit) await core.credits.setMonthlyLimit(workspace, whole);
  for (const [slot, limit] of slots) {
    if (limit !== slotLimits[slot]) await core.credits.setSlotLimit(workspace, slot, limit);
  }
}

/** Asks for the limits on credits in a calendar month, of the workspace and of its slots. */
export function monthlyLimitView(month: CreditSettings, view: SlotsView): ModalView {
  return {
    type: 'modal',
    callback_id: VIEW.monthlyLimit,
    title: plain('Monthly limits', LIMITS.title),
    submit: plain('Save', LIMITS.title),
    close: plain('Cancel', LIMITS.title),
    blocks: [
      section(
        'Credits in a calendar month (UTC). A slot at its limit leaves the rest to the others. At the limit of the workspace, or of all slots, lists pause until the month is over or somebody raises the limit. Nothing is lost.',
      ),
      ...monthlyLimitInputs(month, view),
    ],
  };
}

/** The inputs alone, for a form that asks for more. */
export function monthlyLimitInputs(
  { monthlyLimit, slotLimits = {} }: CreditSettings,
  { slots }: SlotsView,
): InputBlock[] {
  const asked = slots.filter(
    ({ number, state }) => state === 'connected' || slotLimits[number] !== undefined,
  );
  return [
    limitInput(WORKSPACE, 'The whole workspace', monthlyLimit),
    ...asked.map((slot) => {
      const name = slot.state === 'connected' ? `: ${slot.connection.label}` : '';
      return limitInput(`${SLOT}${slot.number}`, `Slot ${slot.number}${name}`, slotLimits[slot.number]);
    }),
  ];
}

/** Reads the form that {@link monthlyLimitView} made. */
export function limitsIn(values: Entered): EnteredLimits {
  const limit = (block: string) => {
    const value = values[block]?.[ACTION]?.value;
    return value ? Number(value) : undefined;
  };
  const blocks = Object.keys(values).filter((block) => block.startsWith(SLOT));
  return {
    workspace: limit(WORKSPACE),
    slots: new Map(blocks.map((block) => [Number(block.slice(SLOT.length)), limit(block)])),
  };
}

function limitInput(block: string, label: string, limit: number | undefined): InputBlock {
  return {
    type: 'input',
    block_id: block,
    optional: true,
    label: plain(cut(label, 100)),
    element: {
      type: 'number_input',
      action_id: ACTION,
      is_decimal_allowed: false,
      placeholder: plain('No limit', LIMITS.placeholder),
      min_value: '0',
      ...(limit !== undefined && { initial_value: String(limit) }),
    },
  };
}
