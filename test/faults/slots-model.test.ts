import fc from 'fast-check';
import { expect, it } from 'vitest';
import { apolloKey, createWorld, healthy, keyRing } from '../slots/world.ts';
import { length, SEED } from './length.ts';

const WORKSPACE = 'contoso';
const SELF = [1, 2];
const DFY = [3, 4];

type World = ReturnType<typeof createWorld>;
type Kind = 'self' | 'dfy';
type State = 'healthy' | 'refused' | 'out-of-credits';

/** What ought to be: who is in which slot, and how Apollo stands to each key. */
interface Model {
  readonly slots: Map<number, { key: string; kind: Kind; state: State }>;
  readonly keys: readonly string[];
}

interface Real {
  world: World;
  slots: World['slots'];
}

type Command = fc.AsyncCommand<Model, Real>;

const kindOf = (slot: number): Kind | undefined =>
  SELF.includes(slot) ? 'self' : DFY.includes(slot) ? 'dfy' : undefined;

/** The error with which a key is kept out of a slot, before Apollo is asked. */
function refusal(model: Model, key: string, kind: Kind, slot: number | undefined): string | undefined {
  if ([...model.slots.values()].some((other) => other.key === key)) return 'KeyAlreadyConnected';
  if (slot !== undefined) {
    if (kindOf(slot) === undefined) return 'NoSuchSlot';
    if (kindOf(slot) !== kind) return 'SlotNotYours';
    return model.slots.has(slot) ? 'SlotTaken' : undefined;
  }
  return (kind === 'self' ? SELF : DFY).every((number) => model.slots.has(number)) ? 'NoFreeSlot' : undefined;
}

/** The error with which an occupied slot cannot be emptied or changed. */
function notOccupied(model: Model, kind: Kind, slot: number): string | undefined {
  if (kindOf(slot) === undefined) return 'NoSuchSlot';
  if (kindOf(slot) !== kind) return 'SlotNotYours';
  return model.slots.has(slot) ? undefined : 'NothingConnected';
}

/** What Apollo says of a key when it is asked; `trouble`: nothing that anybody could use. */
function verdict(world: World, key: string): State | 'trouble' {
  const account = world.apollo.accounts.get(key);
  if (!account || account.revoked) return 'refused';
  if (account.trouble) return 'trouble';
  return !account.scoped && account.creditsLeft === 0 ? 'out-of-credits' : 'healthy';
}

async function expectRefused(work: Promise<unknown>, name: string): Promise<void> {
  await expect(work.then(() => 'done').catch((error: Error) => error.name)).resolves.toBe(name);
}

async function expectSame(model: Model, { slots, world }: Real): Promise<void> {
  const view = await slots.list(WORKSPACE);
  const seen = view.slots.map((slot) =>
    slot.state === 'free'
      ? [slot.number, slot.kind]
      : [slot.number, slot.kind, slot.connection.last4, slot.connection.health.state],
  );
  const expected = [...SELF, ...DFY].map((number) => {
    const occupant = model.slots.get(number);
    return [number, kindOf(number), ...(occupant ? [occupant.key.slice(-4), occupant.state] : [])];
  });
  expect(seen).toEqual(expected);
  const used = (own: number[]) => own.filter((number) => model.slots.has(number)).length;
  expect(view.notation).toBe(`(self: ${used(SELF)}/2) (fly: ${used(DFY)}/2) ${model.slots.size}/4`);
  const workable = [...model.slots.values()].filter(({ state }) => state === 'healthy');
  expect((await healthy(slots)).map((one) => one.key()).sort()).toEqual(
    workable.map(({ key }) => key).sort(),
  );
  for (const key of model.keys) expect(world.store.text + world.logged.join()).not.toContain(key);
}

const command = (name: string, run: (model: Model, real: Real) => Promise<void>): Command => ({
  check: () => true,
  run: async (model, real) => {
    await run(model, real);
    await expectSame(model, real);
  },
  toString: () => name,
});

const KEYS = 7;
const key = fc.nat(KEYS - 1);
/** Most numbers are slots; 0 and 5 are none. */
const number = fc.integer({ min: 0, max: 5 });
const keyOf = (model: Model, index: number) => model.keys[index] ?? '';

function install(kind: Kind, index: number, slot: number | undefined): Command {
  const verb = kind === 'self' ? 'connect' : 'fill';
  return command(`${verb}(key ${index}, ${slot ?? 'first free'})`, async (model, { slots, world }) => {
    const secret = keyOf(model, index);
    const work = slots[verb]({ workspace: WORKSPACE, key: secret, slot });
    const said = verdict(world, secret);
    const refused =
      refusal(model, secret, kind, slot) ??
      (said === 'refused' ? 'KeyRefusedByApollo' : said === 'trouble' ? 'KeyNotChecked' : undefined);
    if (refused !== undefined) return await expectRefused(work, refused);
    const { connection } = await work;
    const free = (kind === 'self' ? SELF : DFY).find((one) => !model.slots.has(one));
    expect(connection.slot).toBe(slot ?? free);
    model.slots.set(connection.slot, { key: secret, kind, state: said as State });
  });
}

const commands = [
  fc
    .tuple(fc.constantFrom<Kind>('self', 'dfy'), key, fc.option(number, { nil: undefined }))
    .map((args) => install(...args)),
  fc.tuple(fc.constantFrom<Kind>('self', 'dfy'), number).map(([kind, slot]) => {
    const verb = kind === 'self' ? 'disconnect' : 'clear';
    return command(`${verb}(${slot})`, async (model, { slots }) => {
      const work = slots[verb]({ workspace: WORKSPACE, slot });
      const refused = notOccupied(model, kind, slot);
      if (refused !== undefined) return await expectRefused(work, refused);
      expect((await work).last4).toBe(model.slots.get(slot)?.key.slice(-4));
      model.slots.delete(slot);
    });
  }),
  fc.tuple(key, number).map(([index, slot]) =>
    command(`replace(${slot}, key ${index})`, async (model, { slots, world }) => {
      const secret = keyOf(model, index);
      const work = slots.replace({ workspace: WORKSPACE, slot, key: secret });
      const said = verdict(world, secret);
      const here = [...model.slots.values()].some((other) => other.key === secret);
      const refused =
        (here ? 'KeyAlreadyConnected' : notOccupied(model, 'self', slot)) ??
        (said === 'refused' ? 'KeyRefusedByApollo' : said === 'trouble' ? 'KeyNotChecked' : undefined);
      if (refused !== undefined) return await expectRefused(work, refused);
      await work;
      model.slots.set(slot, { key: secret, kind: 'self', state: said as State });
    }),
  ),
  fc.constantFrom('refresh', 'recover').map((verb) =>
    command(verb, async (model, { slots, world }) => {
      if (verb === 'refresh') await slots.refresh(WORKSPACE);
      else await slots.recover();
      for (const occupant of model.slots.values()) {
        const said = verdict(world, occupant.key);
        if (said !== 'trouble' && (verb === 'refresh' || occupant.state !== 'healthy')) occupant.state = said;
      }
    }),
  ),
  fc
    .tuple(key, fc.constantFrom('revoked', 'restored', 'spent', 'topped up', 'trouble', 'well'))
    .map(([index, what]) =>
      command(`key ${index} ${what}`, async (model, { world }) => {
        const account = world.apollo.accounts.get(keyOf(model, index));
        if (!account) return;
        if (what === 'revoked' || what === 'restored') account.revoked = what === 'revoked';
        else if (what === 'trouble' || what === 'well') account.trouble = what === 'trouble';
        else account.creditsLeft = what === 'spent' ? 0 : 1000;
      }),
    ),
  fc.constant(
    command('another process', async (_, real) => {
      real.slots = real.world.open(keyRing('first'));
    }),
  ),
];

function setUp(): { model: Model; real: Real } {
  const world = createWorld();
  // The last one may only enrich; the one before it is nobody's.
  const keys = Array.from({ length: KEYS - 2 }, (_, index) => world.newKey({ team: `team ${index % 3}` }));
  keys.push(apolloKey(), world.newKey({ scoped: true }));
  return { model: { slots: new Map(), keys }, real: { world, slots: world.slots } };
}

it('keeps the slots as a simple model says, whatever is done to them', async () => {
  await fc.assert(
    fc.asyncProperty(fc.commands(commands, { maxCommands: 40 }), (run) => fc.asyncModelRun(setUp, run)),
    { numRuns: length(60, 3000), seed: SEED },
  );
});

it('gives no slot to two and no key two slots, whoever comes at the same moment', async () => {
  const action = fc.record({
    verb: fc.constantFrom('connect', 'fill', 'replace', 'disconnect', 'clear', 'refresh'),
    index: key,
    slot: fc.integer({ min: 1, max: 4 }),
    anywhere: fc.boolean(),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(fc.array(action, { maxLength: 6 }), { maxLength: 5 }), async (actors) => {
      const { model, real } = setUp();
      const { slots } = real;
      let balance = 0;
      const act = async ({ verb, index, slot, anywhere }: (typeof actors)[number][number]) => {
        const request = { workspace: WORKSPACE, key: keyOf(model, index) };
        const place = anywhere ? {} : { slot };
        if (verb === 'connect' || verb === 'fill') {
          await slots[verb]({ ...request, ...place });
          balance += 1;
        } else if (verb === 'disconnect' || verb === 'clear') {
          await slots[verb]({ workspace: WORKSPACE, slot });
          balance -= 1;
        } else if (verb === 'replace') await slots.replace({ ...request, slot });
        else await slots.refresh(WORKSPACE);
      };
      await Promise.all(
        actors.map(async (actions) => {
          // Refusals are answers; any other error is none.
          for (const each of actions) {
            await act(each).catch((error: Error) => expect(error.name).toMatch(/^(Key|Slot|No|Nothing)/));
          }
        }),
      );
      const connections = await slots.connections(WORKSPACE);
      expect(connections).toHaveLength(balance);
      expect(new Set(connections.map(({ slot }) => slot)).size).toBe(balance);
      expect(new Set(connections.map((one) => one.key())).size).toBe(balance);
    }),
    { numRuns: length(60, 3000), seed: SEED },
  );
});
