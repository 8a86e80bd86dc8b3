const ENDPOINT =
  /\/(people\/match|people\/bulk_match|organizations\/enrich|organizations\/bulk_enrich|users\/api_profile|usage_stats\/\w+_usage_stats|webhook_result)(?=[/?]|$)/;

/** Which of Apollo's endpoints an address is, for whoever counts or traces calls: never the address itself. */
export function endpointOf(url: string): string {
  return ENDPOINT.exec(new URL(url).pathname)?.[1] ?? 'other';
}
