import {
  type Credits,
  conditionWords,
  currentHealth,
  type Health,
  notAllowedAt,
  type SlotsView,
  type SlotView,
} from '@connectionsphere/core';

/** A slot as other programs get it, on the command line and over HTTP. `now`: ms since the epoch. */
export function slotDocument(slot: SlotView, now: number): object {
  const { number, kind, state, sharesLimitsWith } = slot;
  if (slot.state === 'free') {
    const nothing = { label: null, last4: null, team: null };
    return {
      number,
      kind,
      state,
      ...nothing,
      sharesLimitsWith,
      health: null,
      credits: null,
      limits: null,
      share: null,
    };
  }
  const { label, last4, team, teamKnown, credits, limits, share, connectedAt, connectedBy } = slot.connection;
  const left = notAllowedAt(slot.connection, now);
  return {
    number,
    kind,
    state,
    label,
    last4,
    team,
    teamKnown,
    sharesLimitsWith,
    health: {
      ...healthDocument(currentHealth(slot.connection, now)),
      words: conditionWords(slot.connection, now),
      ...(left.length > 0 && {
        notAllowed: left.map(({ endpoint, until }) => ({ endpoint, until: iso(until) })),
      }),
    },
    credits: credits ? creditsDocument(credits) : null,
    limits: limits ?? null,
    share: share ?? 100,
    notAllowed: left.map(({ endpoint }) => endpoint),
    connectedAt: new Date(connectedAt).toISOString(),
    connectedBy: connectedBy ?? null,
  };
}

const iso = (ms: number) => new Date(ms).toISOString();

function healthDocument(health: Health): object {
  const { since, until } = health as { since?: number; until?: number };
  return {
    ...health,
    ...(since !== undefined && { since: iso(since) }),
    ...(until !== undefined && { until: iso(until) }),
  };
}

function creditsDocument({ readAt, cycleEndsAt, ...credits }: Credits): object {
  return {
    ...credits,
    ...(cycleEndsAt !== undefined && { cycleEndsAt: iso(cycleEndsAt) }),
    readAt: iso(readAt),
  };
}

/** All slots of a workspace, the same way. */
export function slotsDocument(view: SlotsView): object {
  const now = Date.now();
  return {
    workspace: view.workspace,
    notation: view.notation,
    words: view.words,
    slots: view.slots.map((slot) => slotDocument(slot, now)),
  };
}
