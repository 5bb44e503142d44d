import type { IncomingHttpHeaders } from 'node:http';

/** Whether whoever asked takes an answer that is packed with gzip. */
export function acceptsGzip(headers: IncomingHttpHeaders): boolean {
  const accepted = headers['accept-encoding'] ?? '';
  return /\bgzip\b(?!\s*;\s*q=0(\.0*)?\s*(,|$))/i.test(String(accepted));
}
