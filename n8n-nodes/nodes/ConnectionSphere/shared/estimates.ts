import type { DirectRequest } from '@connectionsphere/core';
import type { INodeExecutionData } from 'n8n-workflow';
import type { Asked } from '../../../enrichment/run';
import type { EnrichmentService, EstimateReport } from '../../../enrichment/service';
import type { Input } from './input';

/** What leads would cost and take; those that ask for different things are estimated apart, and added up. */
export async function estimateAll(
  service: EnrichmentService,
  kind: DirectRequest['kind'],
  asked: readonly Asked[],
): Promise<EstimateReport> {
  const groups = Map.groupBy(asked, ({ options, fresh }) => JSON.stringify([options, fresh]));
  const reports: EstimateReport[] = [];
  for (const group of groups.values()) {
    const [first] = group;
    if (!first) continue;
    const { options, fresh } = first;
    reports.push(await service.estimate({ kind, leads: group.map(({ lead }) => lead), options, fresh }));
  }
  const sum = (name: 'rows' | 'duplicates' | 'known' | 'skipped' | 'lookups' | 'mostCredits') =>
    reports.reduce((total, report) => total + report[name], 0);
  const known = reports.flatMap(({ expectedCredits }) => expectedCredits ?? []);
  // The same for all of them.
  const [{ creditsLeft, mobileCreditsLeft } = {}] = reports;
  const warnings = [...new Set(reports.flatMap((report) => report.warnings ?? []))];
  const seconds = reports.map((report) => report.seconds);
  return {
    rows: sum('rows'),
    duplicates: sum('duplicates'),
    known: sum('known'),
    skipped: sum('skipped'),
    lookups: sum('lookups'),
    mostCredits: sum('mostCredits'),
    ...(known.length > 0 && { expectedCredits: known.reduce((total, each) => total + each, 0) }),
    ...(creditsLeft !== undefined && { creditsLeft }),
    ...(mobileCreditsLeft !== undefined && { mobileCreditsLeft }),
    ...(warnings.length > 0 && { warnings }),
    seconds: seconds.includes(null) ? null : seconds.reduce<number>((total, each) => total + (each ?? 0), 0),
  };
}

/** An estimate as one item that belongs to all that it was made for. */
export function estimateItem(estimate: EstimateReport, { leads, columns }: Input): INodeExecutionData {
  const from = [...new Set(leads.map((each) => each.from))];
  return {
    json: { estimate: true, ...estimate, columns: JSON.parse(JSON.stringify(columns)) },
    pairedItem: from.map((item) => ({ item })),
  };
}
