import type { Command } from 'commander';
import { sessionOf } from '../session.ts';

export function addPersonData(program: Command): void {
  program
    .command('person-data')
    .description('print everything that is stored about a person, to answer a request for access')
    .argument('<who>', 'an e-mail address, a LinkedIn profile address, an Apollo person id, or a domain')
    .action(async (who: string, _: object, command: Command) => {
      const { output, workspace, withCommands } = sessionOf(command);
      const data = await withCommands((commands) => commands.personData(workspace, who));
      output.result(data, JSON.stringify(data, undefined, 2));
    });
}
