import type { IDataObject, IHookFunctions } from 'n8n-workflow';
import { NodeApiError } from 'n8n-workflow';
import { askServer, nodeError } from '../ConnectionSphere/shared/transport';

/** What the node keeps about its subscription, beside the workflow. */
export interface Kept extends IDataObject {
  hook?: string;
  /** What deliveries are signed with; the server says it once. */
  secret?: string;
  /** Deliveries that came, the newest last: the server may send one twice. */
  seen?: string[];
}

interface Hook {
  readonly id: string;
  readonly url: string;
  readonly events: readonly string[];
}

/**
 * Whether the server tells this address of exactly these events, with a secret that is known here. What the
 * address has otherwise is removed, so that nobody is told twice.
 */
export async function isSubscribed(functions: IHookFunctions): Promise<boolean> {
  const kept: Kept = functions.getWorkflowStaticData('node');
  const { hooks } = await askServer(functions)<{ hooks: Hook[] }>({ method: 'GET', path: '/v1/hooks' });
  const wanted = eventsOf(functions).sort().join();
  let found = false;
  for (const { id, url, events } of hooks) {
    if (url !== functions.getNodeWebhookUrl('default')) continue;
    const ours = id === kept.hook && kept.secret !== undefined && [...events].sort().join() === wanted;
    if (ours) found = true;
    else await remove(functions, id);
  }
  return found;
}

export async function subscribe(functions: IHookFunctions): Promise<boolean> {
  const kept: Kept = functions.getWorkflowStaticData('node');
  const { id, secret } = await askServer(functions)<{ id: string; secret: string }>({
    method: 'POST',
    path: '/v1/hooks',
    body: { url: functions.getNodeWebhookUrl('default'), events: eventsOf(functions) },
  });
  kept.hook = id;
  kept.secret = secret;
  return true;
}

export async function unsubscribe(functions: IHookFunctions): Promise<boolean> {
  const kept: Kept = functions.getWorkflowStaticData('node');
  if (kept.hook !== undefined) await remove(functions, kept.hook);
  delete kept.hook;
  delete kept.secret;
  return true;
}

/** One that is gone already is as good as removed. */
async function remove(functions: IHookFunctions, id: string): Promise<void> {
  try {
    await askServer(functions)({ method: 'DELETE', path: `/v1/hooks/${encodeURIComponent(id)}` });
  } catch (error) {
    if (error instanceof NodeApiError && error.httpCode === '404') return;
    throw nodeError(functions.getNode(), error);
  }
}

function eventsOf(functions: IHookFunctions): string[] {
  return [...(functions.getNodeParameter('events') as string[])];
}
