import { EVERYWHERE } from '@connectionsphere/core';
import { readConfig, requireKeyEverywhere } from '@connectionsphere/core/node';
import type { Command } from 'commander';
import { Callbacks } from '../../hooks/callbacks.ts';
import { Hooks } from '../../hooks/hooks.ts';
import type { SecretRotation } from '../../secret-repository.ts';
import { OneTimeLinks } from '../../web/links.ts';
import { plural } from '../../words.ts';
import { sessionOf } from '../session.ts';

const DAY_MS = 86_400_000;

export function addRotateKeys(program: Command): void {
  program
    .command('rotate-keys')
    .description('for operators: encrypt every stored key and secret anew with the first of ENCRYPTION_KEYS')
    .action(async (_: object, command: Command) => {
      const { output, withOpenCore } = sessionOf(command);
      const rotation = await withOpenCore(async ({ core, keyRing, ports, vault }) => {
        await requireKeyEverywhere(ports, keyRing);
        // Slack's libraries are large, and no other command needs them.
        const { InstallationRepository } = await import('../../slack/installation/many-workspaces.ts');
        await core.audit.record(EVERYWHERE, 'keys.rotate');
        await core.resealSecrets();
        return {
          ...(await core.slots.rotate()),
          installations: await new InstallationRepository(ports, vault).secrets.rotate(),
          hooks: await new Hooks(ports, vault, core.audit).secrets.rotate(),
          callbacks: await new Callbacks(
            ports,
            vault,
            readConfig(process.env).retentionDays * DAY_MS,
          ).secrets.rotate(),
          links: await new OneTimeLinks(ports, vault, core.audit).secrets.rotate(),
        };
      });
      const { resealed, alreadyCurrent, unreadable, installations, hooks, callbacks, links } = rotation;
      const lines = [
        `${plural(resealed, 'key')} encrypted anew, ${plural(alreadyCurrent, 'key')} left as ${alreadyCurrent === 1 ? 'it was' : 'they were'}.`,
        ...unreadable.map(
          ({ workspace, slot, reason }) => `Slot ${slot} of ${workspace} was left as it is: ${reason}`,
        ),
        ...secretsText('Slack tokens', 'workspace', installations),
        ...secretsText('Secrets', 'hook', hooks),
        ...secretsText('Secrets', 'callback', callbacks),
        ...secretsText('Secrets', 'one-time link', links),
      ];
      output.result(rotation, lines.join('\n'));
      const left = [
        unreadable,
        ...[installations, hooks, callbacks, links].map((each) => each.unreadable),
      ].flat();
      if (left.length > 0) process.exitCode = 1;
    });
}

/** Nothing where there are none. */
function secretsText(
  what: string,
  of: string,
  { resealed, alreadyCurrent, unreadable }: SecretRotation,
): string[] {
  if (resealed + alreadyCurrent + unreadable.length === 0) return [];
  return [
    `${what} of ${plural(resealed, of)} encrypted anew, of ${alreadyCurrent} as they were.`,
    ...unreadable.map(({ id, reason }) => `${what} of ${of} ${id} were left as they are: ${reason}`),
  ];
}
