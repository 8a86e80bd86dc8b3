import { userInfo } from 'node:os';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { KEYS, type Machine, startMachine } from './command-line.ts';

let machine: Machine;
beforeAll(async () => {
  machine = await startMachine();
});
afterAll(() => machine[Symbol.asyncDispose]());

describe('slots on the command line', () => {
  it('says what to do when nothing is connected', async () => {
    const { code, stdout } = await machine.run(['slots']);
    expect(code).toBe(0);
    expect(stdout).toContain('(self: 0/2) (fly: 0/2) 0/4');
    expect(stdout).toContain('2 self-service slots free');
  });

  it('connects a key from standard input and lists it without showing it', async () => {
    const connected = await machine.json(['connect', '--label', 'Sales EU'], { input: KEYS.contoso });
    expect(connected).toMatchObject({
      slot: { number: 1, kind: 'self', state: 'connected', label: 'Sales EU', last4: '7Q2A' },
      notation: '(self: 1/2) (fly: 0/2) 1/4',
    });
    const slots = await machine.json<{ slots: Record<string, unknown>[] }>(['slots']);
    expect(slots.slots[0]).toEqual(
      expect.objectContaining({
        number: 1,
        kind: 'self',
        state: 'connected',
        label: 'Sales EU',
        last4: '7Q2A',
        team: 'team-contoso',
        sharesLimitsWith: [],
        health: { state: 'healthy', words: 'Healthy.' },
        credits: expect.objectContaining({ left: 10_000 }),
        limits: expect.objectContaining({ 'people/bulk_match': expect.anything() }),
      }),
    );
    expect(slots.slots[3]).toEqual({
      number: 4,
      kind: 'dfy',
      state: 'free',
      label: null,
      last4: null,
      team: null,
      sharesLimitsWith: [],
      health: null,
      credits: null,
      limits: null,
      share: null,
    });
    expect(JSON.stringify([connected, slots])).not.toContain(KEYS.contoso);
  });

  it('records who typed it', async () => {
    const { entries } = await machine.json<{ entries: { deed: string; by: object; about: object }[] }>([
      'audit',
    ]);
    expect(entries[0]).toMatchObject({
      deed: 'slot.connect',
      by: { kind: 'command-line', id: userInfo().username, via: 'command-line' },
      about: { slot: 1, keyEnd: '7Q2A' },
    });
    expect((await machine.run(['audit'])).stdout).toMatch(
      /command-line +slot\.connect +slot 1, label Sales EU/,
    );
    const { stdout } = await machine.run(['audit', '--ndjson', '--since', '2999-01-01']);
    expect(stdout).toBe('');
  });

  it('says that a second key of the same team adds no speed', async () => {
    const { stdout } = await machine.run(['connect', '--slot', '2'], { input: `${KEYS.contosoToo}\n` });
    expect(stdout).toContain('Same Apollo team as slot 1: shares limits, so this key adds no speed.');
  });

  it('leaves a share of a limit to colleagues, and says so', async () => {
    const set = await machine.json(['slots', '--share', '1=50']);
    expect(set).toMatchObject({ slots: [{ number: 1, share: 50 }, { share: 100 }, {}, {}] });
    expect((await machine.run(['slots'])).stdout).toContain("uses 50 % of its team's limits");
    expect(await machine.json(['slots', '--share', '1=100'])).toMatchObject({
      slots: [{ share: 100 }, {}, {}, {}],
    });
    expect((await machine.run(['slots', '--share', '9=50'])).stderr).toContain('There is no slot 9');
    const wrong = await machine.run(['slots', '--share', '1=0']);
    expect([wrong.code, wrong.stderr]).toEqual([2, expect.stringContaining('such as 2=50')]);
  });

  it('refuses a third key of its own, and leaves the done-for-you slots to operators', async () => {
    const full = await machine.run(['connect'], { input: KEYS.fabrikam });
    expect(full.code).toBe(2);
    expect(full.stderr).toMatch(/disconnect|replace/i);
    const notYours = await machine.run(['connect', '--slot', '3'], { input: KEYS.fabrikam });
    expect(notYours.code).toBe(2);
    expect(notYours.stderr).toContain('ConnectionSphere team');
    const filled = await machine.json(['fill', '--label', 'Done for you'], { input: KEYS.fabrikam });
    const mistyped = await machine.run(['fill', '--workspace', 'defalt'], { input: KEYS.spare });
    expect([mistyped.code, mistyped.stderr]).toEqual([
      2,
      expect.stringContaining('There is no workspace "defalt", so nothing was done'),
    ]);
    expect(filled).toMatchObject({
      slot: { number: 3, kind: 'dfy' },
      notation: '(self: 2/2) (fly: 1/2) 3/4',
    });
  });

  it('replaces a key and keeps its label', async () => {
    const replaced = await machine.json(['replace', '1'], { input: KEYS.spare });
    expect(replaced).toMatchObject({ slot: { number: 1, label: 'Sales EU', last4: '5P1C' } });
  });

  it('empties slots, each by who may', async () => {
    expect((await machine.run(['disconnect', '3'])).code).toBe(2);
    expect(await machine.json(['clear', '3'])).toMatchObject({ notation: '(self: 2/2) (fly: 0/2) 2/4' });
    expect(await machine.json(['disconnect', '2'])).toMatchObject({ slot: 2, last4: '9F4K' });
    const again = await machine.run(['disconnect', '2']);
    expect(again.code).toBe(2);
    expect(again.stderr).toContain('Slot 2 is free');
  });

  it.each([
    ['a key that Apollo refuses', 'no-such-key-0000-0000-0000', /Apollo refuses this key/],
    ['a key that is cut short', 'abc', /key/i],
    ['no key at all', '', /standard input/],
  ])('does not connect %s, and says why', async (_what, input, reason) => {
    const { code, stderr } = await machine.run(['connect'], { input });
    expect(code).toBe(2);
    expect(stderr).toMatch(reason);
    if (input.length > 4) expect(stderr).not.toContain(input);
  });

  it('refuses a key as an argument without repeating it', async () => {
    for (const args of [
      ['connect', KEYS.fabrikam],
      ['connect', '--key', KEYS.fabrikam],
      ['connect', `--key=${KEYS.fabrikam}`],
      ['connect', `--kee=${KEYS.fabrikam}`],
      ['connect', '--slot', KEYS.fabrikam],
    ]) {
      const { code, stdout, stderr } = await machine.run(args);
      expect(code).toBe(2);
      expect(stdout + stderr).not.toContain(KEYS.fabrikam);
    }
  });

  it('tells "could not be asked" from "refused": exit code 1, and the key may be tried again', async () => {
    machine.sandbox.fault({ kind: '503' });
    const { code, stderr } = await machine.run(['connect'], { input: KEYS.fabrikam });
    machine.sandbox.heal();
    expect(code).toBe(1);
    expect(stderr).toMatch(/try again/i);
  });
});

describe('the command line itself', () => {
  it('does not mind that whoever reads along stops, as "head" does', async () => {
    const { child, ran } = machine.start(['help']);
    child.stdout?.destroy();
    expect(await ran).toMatchObject({ code: 0, stderr: '' });
  });

  it('names the commands when one is mistyped, and explains itself', async () => {
    const wrong = await machine.run(['enrihc', 'x.csv']);
    expect(wrong.code).toBe(2);
    expect(wrong.stderr).toBe('There is no command "enrihc". Did you mean "enrich"?\n');
    const about = await machine.run(['help', 'enrich']);
    expect(about).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('connectionsphere enrich [options] <file>'),
    });
    expect((await machine.run(['help', 'enrihc'])).stderr).toBe(wrong.stderr);
    expect((await machine.run(['enrich'])).stderr).toBe(
      'Missing required argument \'file\'. Type "./connectionsphere --help" to see what each command takes.\n',
    );
    const none = await machine.run([]);
    expect(none.code).toBe(2);
    expect(none.stderr).toContain('Usage: connectionsphere <command> [options]');
    const help = await machine.run(['--help']);
    expect(help.code).toBe(0);
    expect(help.stdout).toContain('./connectionsphere enrich leads.csv');
  });

  it('gives errors as one JSON document with --json', async () => {
    const error = await machine.json(['status', 'nonesuch'], { code: 2 });
    expect(error).toEqual({ error: { code: 'job', message: expect.stringContaining('no job nonesuch') } });
  });

  it('names every wrong setting at once', async () => {
    const { code, stderr } = await machine.run(['slots'], {
      env: { SLOTS_SELF: '5', APOLLO_BASE_URL: 'apollo', RETENTION_DAYS: 'many' },
    });
    expect(code).toBe(2);
    for (const name of ['SLOTS_SELF', 'APOLLO_BASE_URL', 'RETENTION_DAYS']) expect(stderr).toContain(name);
  });
});
