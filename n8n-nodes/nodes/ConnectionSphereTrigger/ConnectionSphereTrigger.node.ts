import type {
  IDataObject,
  IHookFunctions,
  INodeType,
  INodeTypeDescription,
  IWebhookFunctions,
  IWebhookResponseData,
} from 'n8n-workflow';
import { NodeConnectionTypes } from 'n8n-workflow';
import { isSigned } from './signature';
import { isSubscribed, type Kept, subscribe, unsubscribe } from './subscription';

/** Deliveries remembered, so that one that comes again starts nothing. */
const MOST_SEEN = 100;

/** Starts a workflow when something happens on a ConnectionSphere server. */
export class ConnectionSphereTrigger implements INodeType {
  description: INodeTypeDescription = {
    displayName: 'ConnectionSphere Trigger',
    name: 'connectionSphereTrigger',
    icon: {
      light: 'file:../../icons/connectionsphere.svg',
      dark: 'file:../../icons/connectionsphere.dark.svg',
    },
    group: ['trigger'],
    version: 1,
    subtitle: '={{ $parameter["events"].join(", ") }}',
    description:
      'Enrich leads with Apollo: verified emails, phones and companies. Starts the workflow when a list is done or a key needs care',
    defaults: { name: 'ConnectionSphere Trigger' },
    inputs: [],
    outputs: [NodeConnectionTypes.Main],
    credentials: [{ name: 'connectionSphereApi', required: true }],
    webhooks: [{ name: 'default', httpMethod: 'POST', responseMode: 'onReceived', path: 'webhook' }],
    properties: [
      {
        displayName: 'Events',
        name: 'events',
        type: 'multiOptions',
        required: true,
        noDataExpression: true,
        default: ['job.finished'],
        description:
          'What starts the workflow, for all lists and slots of the workspace. The server must reach n8n.',
        options: [
          { name: 'Job Finished', value: 'job.finished', description: 'A list is enriched' },
          {
            name: 'Job Paused',
            value: 'job.paused',
            description: 'A list stands still: no credits, a limit, no healthy slot',
          },
          {
            name: 'Phones Arrived',
            value: 'job.phones',
            description: 'Phone numbers came after the end of a list; its results are complete now',
          },
          {
            name: 'Scheduled List Did Not Run',
            value: 'schedule.missed',
            description: 'A list that runs again by itself did not this time',
          },
          {
            name: 'Scheduled List Ended',
            value: 'schedule.ended',
            description: 'A list does not run again by itself any more',
          },
          {
            name: 'Slot Runs Low on Credits',
            value: 'slot.credits-low',
            description: 'Less than a tenth of the credits of its cycle is left',
          },
          {
            name: 'Slot Trouble',
            value: 'slot.trouble',
            description: 'A key is refused, spent or out of credits',
          },
        ],
      },
    ],
  };

  webhookMethods = {
    default: {
      async checkExists(this: IHookFunctions): Promise<boolean> {
        return await isSubscribed(this);
      },
      async create(this: IHookFunctions): Promise<boolean> {
        return await subscribe(this);
      },
      async delete(this: IHookFunctions): Promise<boolean> {
        return await unsubscribe(this);
      },
    },
  };

  async webhook(this: IWebhookFunctions): Promise<IWebhookResponseData> {
    const request = this.getRequestObject();
    // Over the bytes that came: JSON written anew is other text.
    await request.readRawBody();
    const kept: Kept = this.getWorkflowStaticData('node');
    const signature = this.getHeaderData()['connectionsphere-signature'];
    if (kept.secret === undefined || !isSigned(signature, request.rawBody, kept.secret, Date.now())) {
      this.getResponseObject().status(401).json({ message: 'The signature is wrong, or too old' });
      return { noWebhookResponse: true };
    }
    const told = this.getBodyData();
    const seen = kept.seen ?? [];
    if (seen.includes(String(told.id))) return { webhookResponse: 'This came before' };
    kept.seen = [...seen, String(told.id)].slice(-MOST_SEEN);
    return { workflowData: [this.helpers.returnJsonArray([told as IDataObject])] };
  }
}
