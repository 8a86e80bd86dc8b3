import type { Command } from 'commander';
import { prepareList } from '../list.ts';
import { addListOptions, type ListFlags } from '../list-options.ts';
import { estimateDocument, estimateText } from '../list-report.ts';
import { sessionOf } from '../session.ts';

export function addEstimate(program: Command): void {
  const estimate = program
    .command('estimate')
    .description('say what a list would cost and take; nothing is spent')
    .argument('<file>', 'CSV, TSV, NDJSON, JSON or XLSX');
  addListOptions(estimate).action(async (file: string, flags: ListFlags, command: Command) => {
    const session = sessionOf(command);
    await session.withCore(async (core) => {
      const list = await prepareList(session, core, file, flags);
      await core.jobs.discard(list.job.id);
      session.output.result(estimateDocument(list), estimateText(list));
    });
  });
}
