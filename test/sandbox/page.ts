import type { Fault } from './faults.ts';
import type { Counts } from './ledger.ts';

/** The counts as a page for people. */
export function page(counts: Counts, faults: readonly Fault[]): string {
  const { late, lookups, chargedAnswerLost: lost } = counts;
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Apollo sandbox</title>
<meta http-equiv="refresh" content="2">
<style>
body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 60rem; padding: 0 1rem }
table { border-collapse: collapse; margin: 0 0 1.5rem } td, th { padding: .2rem .8rem .2rem 0; text-align: left }
td.number { text-align: right; font-variant-numeric: tabular-nums }
</style></head><body>
<h1>Apollo sandbox</h1>
${table(
  ['', ''],
  [
    ['Calls', counts.calls],
    ['429s', counts.rateLimited],
    ['People asked for', lookups.people],
    ['of them matched', lookups.matched],
    ['Credits', counts.credits],
    ['People charged', counts.peopleCharged],
    ['Companies charged', counts.companiesCharged],
    ['Charged more than once', counts.chargedMoreThanOnce.length],
    ['Charged calls whose answer was lost', lost.calls],
    ['Late results: promised', late.accepted],
    ['pending', late.pending],
    ['delivered by webhook', late.delivered],
    ['undeliverable', late.undeliverable],
  ],
)}
<h2>Teams</h2>
${table(
  ['Team', 'Calls', '429s', 'Credits', 'Credits left'],
  counts.teams.map((team) => [team.id, team.calls, team.rateLimited, team.credits, team.creditsLeft]),
)}
<h2>Keys</h2>
${table(
  ['Key', 'Team', 'Calls', '429s', 'Credits', 'Answers'],
  counts.keys.map((key) => [
    `…${key.last4}`,
    key.team,
    key.calls,
    key.rateLimited,
    key.credits,
    list(key.byStatus),
  ]),
)}
<h2>Endpoints</h2>
${table(['Endpoint', 'Calls'], Object.entries(counts.byEndpoint))}
<h2>Answers</h2>
${table(['Status', 'Calls'], Object.entries(counts.byStatus))}
<h2>Charged more than once</h2>
${table(
  ['Id', 'For', 'Times', 'Keys'],
  counts.chargedMoreThanOnce.slice(0, 100).map((one) => [one.id, one.for, one.times, one.keys.join(', ')]),
)}
<h2>Faults that are on</h2>
<pre>${faults.map((fault) => escaped(JSON.stringify(fault))).join('\n') || 'none'}</pre>
</body></html>
`;
}

type Cell = string | number;

function table(head: readonly string[], rows: readonly (readonly Cell[])[]): string {
  if (rows.length === 0) return '<p>none</p>';
  const cells = (row: readonly Cell[]) =>
    row
      .map((cell) => `<td${typeof cell === 'number' ? ' class="number"' : ''}>${escaped(String(cell))}</td>`)
      .join('');
  const title = head.some((name) => name !== '')
    ? `<tr>${head.map((name) => `<th>${escaped(name)}</th>`).join('')}</tr>`
    : '';
  return `<table>${title}${rows.map((row) => `<tr>${cells(row)}</tr>`).join('\n')}</table>`;
}

function list(counts: Readonly<Record<string, number>>): string {
  return Object.entries(counts)
    .map(([name, count]) => `${name}: ${count}`)
    .join(', ');
}

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}
