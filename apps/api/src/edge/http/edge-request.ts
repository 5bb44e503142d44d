import type { FastifyRequest } from 'fastify';
import { type Fields, parseFields } from '../decode/form-fields.ts';
import { plainAddress } from '../record/address.ts';
import type { HintHeaders } from '../record/client-hints.ts';

/** What an endpoint sees of a request; nothing of the HTTP framework. */
export interface EdgeRequest {
  readonly method: string;
  readonly query: Fields;
  readonly body: Uint8Array | null;
  readonly contentType: string;
  readonly contentEncoding: string;
  readonly authorization: string;
  readonly userAgent: string;
  /** Of the client: behind a trusted proxy the one it names, which is the framework's decision. */
  readonly address: string;
  /** Of the page that sends; "" = no page's, or one without an origin of its own (`null`). */
  readonly origin: string;
  /** A header `Sec-CH-UA…` by its name in lower case; "" = none. */
  readonly hint: HintHeaders;
}

/** Longer ones are made up; a real browser's has under 300 characters. */
const userAgentCharactersMax = 512;

export function toEdgeRequest(request: FastifyRequest): EdgeRequest {
  const { headers, raw, body, method, ip } = request;
  const url = raw.url ?? '';
  const question = url.indexOf('?');
  return {
    method,
    query: parseFields(question < 0 ? '' : url.slice(question + 1)),
    body: body instanceof Uint8Array ? body : null,
    contentType: headers['content-type'] ?? '',
    contentEncoding: headers['content-encoding'] ?? '',
    authorization: headers.authorization ?? '',
    userAgent: (headers['user-agent'] ?? '').slice(0, userAgentCharactersMax),
    address: plainAddress(ip),
    origin: headers.origin ?? '',
    hint: (name) => String(headers[name] ?? ''),
  };
}

/** A control field: in the query string, which wins, or in a form body (`ingestion-api.md` 1.2). */
export function controlOf(query: Fields, form: Fields): (name: string) => string {
  return (name) => query.get(name) ?? form.get(name) ?? '';
}
