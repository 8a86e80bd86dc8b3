/** `Content-Disposition` of a file to keep (RFC 6266): a plain name for old clients, the real one encoded. */
export function attachment(name: string): string {
  const plain = name.replace(/[^\w .-]/g, '_');
  return `attachment; filename="${plain}"; filename*=UTF-8''${encodeURIComponent(name)}`;
}
