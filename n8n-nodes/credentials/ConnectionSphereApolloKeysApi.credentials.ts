import type { ICredentialType, Icon, INodeProperties } from 'n8n-workflow';

/**
 * Fixed fields and no list: n8n restores masked values by position, so that deleting a row of a list would
 * put keys under the wrong labels.
 */
function keyFields(number: number): INodeProperties[] {
  return [
    {
      displayName: `Key ${number}`,
      name: `key${number}`,
      type: 'string',
      typeOptions: { password: true },
      default: '',
      required: number === 1,
      description:
        number === 1
          ? 'An Apollo API key: Settings > Integrations > API in Apollo. A master key can tell its limits and credits'
          : 'Another Apollo API key, or empty. Keys of another Apollo team add speed',
    },
    {
      displayName: `Label ${number}`,
      name: `label${number}`,
      type: 'string',
      default: '',
      placeholder: 'e.g. Sales team',
      description: `What to call key ${number} in hints and in the list of slots`,
    },
  ];
}

/** Up to four Apollo keys, for those who run no server. The node tests every one of them. */
export class ConnectionSphereApolloKeysApi implements ICredentialType {
  name = 'connectionSphereApolloKeysApi';

  displayName = 'ConnectionSphere Apollo Keys API';

  icon: Icon = {
    light: 'file:../icons/connectionsphere.svg',
    dark: 'file:../icons/connectionsphere.dark.svg',
  };

  documentationUrl =
    'https://github.com/connectionsphere/connectionsphere-apollo/tree/main/n8n-nodes#credentials';

  properties: INodeProperties[] = [
    ...[1, 2, 3, 4].flatMap(keyFields),
    {
      displayName: 'Apollo Address',
      name: 'apolloBaseUrl',
      type: 'hidden',
      default: 'https://api.apollo.io/api/v1',
    },
  ];
}
