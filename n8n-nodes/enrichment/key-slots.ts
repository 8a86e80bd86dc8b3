import type { IDataObject } from 'n8n-workflow';

/** An Apollo key of the credential and where it stands in it. */
export interface KeySlot {
  readonly slot: number;
  readonly key: string;
  readonly label: string;
}

const APOLLO_BASE_URL = 'https://api.apollo.io/api/v1';

/** The keys that a credential holds, none of them empty. */
export function keysIn(credential: IDataObject): KeySlot[] {
  return [1, 2, 3, 4].flatMap((slot): KeySlot[] => {
    const key = String(credential[`key${slot}`] ?? '').trim();
    const label = String(credential[`label${slot}`] ?? '').trim();
    return key === '' ? [] : [{ slot, key, label: label || `Key ${slot}` }];
  });
}

/** Where Apollo is, without a slash at its end. */
export function apolloBaseUrl(credential: IDataObject): string {
  return String(credential.apolloBaseUrl || APOLLO_BASE_URL).replace(/\/+$/, '');
}
