import type { Answer } from './answer.ts';

/**
 * A link of a mail that is counted and leads on (`ingestion-api.md` 2.2): 302 to an address of a host that the operator named.
 * null for any other, so that no stranger's link begins with our name; the parameter is then ignored.
 */
export function redirectAnswer(
  { method }: { readonly method: string },
  wanted: string,
  hosts: readonly string[],
): Answer | null {
  if (method !== 'GET' || wanted === '' || hosts.length === 0) return null;
  const url = URL.parse(wanted);
  if (url === null || !/^https?:$/.test(url.protocol) || !hosts.includes(url.host)) return null;
  const headers = { location: url.href };
  return { status: 302, contentType: 'text/plain', body: Buffer.alloc(0), headers };
}
