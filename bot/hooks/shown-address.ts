const HIDDEN = '***';

/**
 * Where deliveries go, as it may be shown: user and password, query and fragment are hidden, as each may be a secret;
 * scheme, host and path stay. Nothing is shown of what is no address.
 */
export function shownAddress(address: string): string {
  const url = URL.parse(address);
  if (!url) return HIDDEN;
  // Whoever compares addresses finds one without a secret as it was given.
  if (!url.username && !url.password && !url.search && !url.hash) return address;
  if (url.username || url.password) {
    url.username = HIDDEN;
    url.password = '';
  }
  if (url.search) url.search = HIDDEN;
  url.hash = '';
  return url.href;
}
