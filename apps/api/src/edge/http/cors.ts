import type { FastifyReply, FastifyRequest } from 'fastify';

/** Called for every request of a scope before anything can fail, so that each answer carries the headers. */
export type CorsPolicy = (request: FastifyRequest, reply: FastifyReply) => void;

/**
 * For Mixpanel's clients, which send credentials: a literal `*` would be refused by the browser, and a
 * refused answer makes mixpanel-browser throw its events away (`ingestion-api.md` 13.1, 14). There are
 * no cookies on these paths, so the credentials open nothing.
 */
export const credentialedCors: CorsPolicy = (request, reply) => {
  void reply.header('vary', 'Origin');
  const { origin } = request.headers;
  if (origin === undefined) return;
  void reply.headers({
    'access-control-allow-origin': origin,
    'access-control-allow-credentials': 'true',
    'access-control-expose-headers': 'Retry-After',
  });
};

/** For our own SDK, which sends none (`browser-sdk.md` SRV-3). */
export const openCors: CorsPolicy = (_request, reply) => {
  void reply.headers({
    'access-control-allow-origin': '*',
    'access-control-expose-headers': 'Retry-After',
    'timing-allow-origin': '*',
  });
};

/** For servers; no browser has a reason to come. */
export const noCors: CorsPolicy = () => {};

const allowedHeaders = [
  'Content-Type',
  'Authorization',
  'X-Requested-With',
  'traceparent',
  'Content-Encoding',
];

/** Field names of HTTP; anything else in the browser's wish is not repeated in a header of ours. */
const headerName = /^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}$/;
const requestedHeadersMax = 50;

/** Answers a preflight: whatever the browser asks for is allowed, for a day at most. */
export function answerPreflight(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const asked = String(request.headers['access-control-request-headers'] ?? '')
    .split(',', requestedHeadersMax)
    .map((name) => name.trim())
    .filter((name) => headerName.test(name));
  const known = new Set(allowedHeaders.map((name) => name.toLowerCase()));
  const further = asked.filter((name) => !known.has(name.toLowerCase()));
  return reply
    .code(204)
    .headers({
      'access-control-allow-methods': 'GET, POST, OPTIONS',
      'access-control-allow-headers': [...allowedHeaders, ...further].join(', '),
      'access-control-max-age': '86400',
    })
    .send();
}
