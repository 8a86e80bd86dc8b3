import type { IDataObject, IExecuteFunctions, IHttpRequestOptions, JsonObject } from 'n8n-workflow';
import { NodeApiError, NodeOperationError } from 'n8n-workflow';
import { type KeySlot, openKeysService } from '../../../enrichment/keys-service';
import { createServerService } from '../../../enrichment/server-service';
import type { EnrichmentService } from '../../../enrichment/service';

const APOLLO_BASE_URL = 'https://api.apollo.io/api/v1';

/** The service of the credential that the node has. `troubles`: keys that cannot be used, and why. */
export async function openService(
  functions: IExecuteFunctions,
): Promise<{ service: EnrichmentService; troubles: readonly string[] }> {
  const authentication = functions.getNodeParameter('authentication', 0) as string;
  if (authentication === 'connectionSphereApi') {
    return { service: createServerService((request) => askServer(functions, request)), troubles: [] };
  }
  const credential = await functions.getCredentials('connectionSphereApolloKeysApi');
  const keys = [1, 2, 3, 4].flatMap((slot): KeySlot[] => {
    const key = String(credential[`key${slot}`] ?? '').trim();
    const label = String(credential[`label${slot}`] ?? '').trim();
    return key === '' ? [] : [{ slot, key, label: label || `Key ${slot}` }];
  });
  if (keys.length === 0) {
    throw new NodeOperationError(functions.getNode(), 'The credential holds no Apollo key', {
      description: 'Open the "Apollo Key Slots API" credential and enter at least one Apollo API key.',
    });
  }
  const apolloBaseUrl = String(credential.apolloBaseUrl || APOLLO_BASE_URL).replace(/\/+$/, '');
  const opened = await openKeysService(apolloBaseUrl, keys, {
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

/** A request to the server with the credential's token. Throws a `NodeApiError` that says what went wrong. */
async function askServer(
  functions: IExecuteFunctions,
  request: Omit<IHttpRequestOptions, 'baseURL'>,
): Promise<IDataObject> {
  const { baseUrl } = await functions.getCredentials('connectionSphereApi');
  try {
    return await functions.helpers.httpRequestWithAuthentication.call(functions, 'connectionSphereApi', {
      ...request,
      baseURL: String(baseUrl).replace(/\/+$/, ''),
      json: true,
    });
  } catch (error) {
    throw new NodeApiError(functions.getNode(), error as JsonObject);
  }
}
