import type {
  IAuthenticateGeneric,
  ICredentialTestRequest,
  ICredentialType,
  Icon,
  INodeProperties,
} from 'n8n-workflow';

/** A ConnectionSphere server and a token for one of its workspaces. */
export class ConnectionSphereApi implements ICredentialType {
  name = 'connectionSphereApi';

  displayName = 'ConnectionSphere API';

  icon: Icon = {
    light: 'file:../icons/connectionsphere.svg',
    dark: 'file:../icons/connectionsphere.dark.svg',
  };

  documentationUrl =
    'https://github.com/connectionsphere/connectionsphere-apollo/tree/main/n8n-nodes#credentials';

  properties: INodeProperties[] = [
    {
      displayName: 'Server Address',
      name: 'baseUrl',
      type: 'string',
      default: '',
      required: true,
      placeholder: 'e.g. https://connectionsphere.example.com',
      description: 'Where your ConnectionSphere server runs, as n8n reaches it',
    },
    {
      displayName: 'Token',
      name: 'token',
      type: 'string',
      typeOptions: { password: true },
      default: '',
      required: true,
      placeholder: 'e.g. csa_…',
      description: 'Made on the server with: ./connectionsphere token create --name n8n',
    },
  ];

  authenticate: IAuthenticateGeneric = {
    type: 'generic',
    properties: { headers: { Authorization: '=Bearer {{$credentials.token}}' } },
  };

  test: ICredentialTestRequest = {
    request: { baseURL: '={{$credentials.baseUrl.replace(/\\/+$/, "")}}', url: '/v1/me' },
  };
}
