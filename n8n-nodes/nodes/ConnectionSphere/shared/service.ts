import { type IExecuteFunctions, NodeOperationError } from 'n8n-workflow';
import { apolloBaseUrl, keysIn } from '../../../enrichment/key-slots';
import { openKeysService } from '../../../enrichment/keys-service';
import { type AskServer, createServerService } from '../../../enrichment/server-service';
import type { EnrichmentService } from '../../../enrichment/service';
import { askServer } from './transport';

/** Who answers, and what is wrong with keys that cannot be used. */
export interface OpenService {
  readonly service: EnrichmentService;
  readonly troubles: readonly string[];
}

/** The service of the credential that the node has. */
export async function openService(functions: IExecuteFunctions): Promise<OpenService> {
  if (functions.getNodeParameter('authentication', 0) === 'connectionSphereApi') {
    return { service: createServerService(askServer(functions)), troubles: [] };
  }
  const credential = await functions.getCredentials('connectionSphereApolloKeysApi');
  const keys = keysIn(credential);
  if (keys.length === 0) {
    throw new NodeOperationError(functions.getNode(), 'The credential holds no Apollo key', {
      description:
        'Open the "ConnectionSphere Apollo Keys API" credential and enter at least one Apollo API key.',
    });
  }
  const opened = await openKeysService(apolloBaseUrl(credential), keys, {
    send: (request) => functions.helpers.httpRequest(request),
    logger: functions.logger,
  });
  if (opened.troubles.length === keys.length) {
    throw new NodeOperationError(functions.getNode(), 'None of the Apollo keys can be used', {
      description: opened.troubles.join(' '),
    });
  }
  return opened;
}

/** Lists live on a server: says so to whoever has none. */
export function requireServer(functions: IExecuteFunctions): AskServer {
  if (functions.getNodeParameter('authentication', 0) === 'connectionSphereApi') return askServer(functions);
  throw new NodeOperationError(functions.getNode(), 'Lists need a ConnectionSphere server', {
    description:
      'Choose a "ConnectionSphere API" credential, or enrich the items directly with Person > Enrich.',
  });
}
