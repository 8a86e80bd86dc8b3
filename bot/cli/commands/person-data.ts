import type { Command } from 'commander';
import { sessionOf } from '../session.ts';

export function addPersonData(program: Command): void {
  program
    .command('person-data')
    .description('give everything that is kept about a person, for whoever asks what is known of them')
    .argument('<who>', 'an e-mail address, a LinkedIn profile address, an Apollo person id, or a domain')
    .action(async (who: string, _: object, command: Command) => {
      const { output, workspace, withDesk } = sessionOf(command);
      const data = await withDesk((desk) => desk.personData(workspace, who));
      output.result(data, JSON.stringify(data, undefined, 2));
    });
}
