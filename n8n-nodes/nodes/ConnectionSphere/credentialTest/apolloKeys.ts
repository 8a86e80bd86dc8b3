import type {
  ICredentialDataDecryptedObject,
  ICredentialsDecrypted,
  ICredentialTestFunctions,
  INodeCredentialTestResult,
} from 'n8n-workflow';
import { apolloBaseUrl, keysIn } from '../../../enrichment/key-slots';

const ADVICE = 'Check it in Apollo under Settings > Integrations > API.';
/** ms until a key is given up. */
const TIMEOUT_MS = 20_000;

/** Asks Apollo about every key of the credential, and names those that it does not accept. Nothing is spent. */
export async function testApolloKeys(
  this: ICredentialTestFunctions,
  { data = {} }: ICredentialsDecrypted<ICredentialDataDecryptedObject>,
): Promise<INodeCredentialTestResult> {
  const keys = keysIn(data);
  if (keys.length === 0) return { status: 'Error', message: 'Enter at least one Apollo API key.' };
  const { helpers } = this;
  const tests = keys.map(async ({ slot, key, label }) => {
    const what = label === `Key ${slot}` ? label : `Key ${slot} (${label})`;
    try {
      const answer: { statusCode: number; body: string } = await helpers.request({
        method: 'GET',
        uri: `${apolloBaseUrl(data)}/auth/health`,
        headers: { 'x-api-key': key, Accept: 'application/json' },
        resolveWithFullResponse: true,
        simple: false,
        timeout: TIMEOUT_MS,
      });
      return wrongWith(what, answer);
    } catch {
      return `Apollo could not be reached to check ${what}.`;
    }
  });
  const wrong = (await Promise.all(tests)).filter((message) => message !== undefined);
  if (wrong.length > 0) return { status: 'Error', message: wrong.join(' ') };
  return {
    status: 'OK',
    message: keys.length === 1 ? 'Apollo accepts the key.' : `Apollo accepts all ${keys.length} keys.`,
  };
}

/** Apollo answers 200 to a wrong key too, and says in the body that nobody is logged in. */
function wrongWith(
  what: string,
  { statusCode, body }: { statusCode: number; body: unknown },
): string | undefined {
  if (statusCode === 401 || statusCode === 422) return `Apollo does not accept ${what}. ${ADVICE}`;
  // It is limited to other calls, or Apollo has other troubles: that says nothing against the key.
  if (statusCode === 403 || statusCode === 429) return undefined;
  if (statusCode !== 200)
    return `Apollo answered ${statusCode} when ${what} was checked. Try again in a minute.`;
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return /"is_logged_in"\s*:\s*false/.test(text) ? `Apollo does not accept ${what}. ${ADVICE}` : undefined;
}
