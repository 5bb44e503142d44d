import { webConfig } from './config.ts';
import { unreachableHeader } from './unreachable.ts';

/**
 * Hop-by-hop headers (RFC 9110, 7.6.1), and those that fetch sets itself or whose meaning is gone
 * once it has decoded the body.
 */
const notForwarded = [
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'host',
  'content-length',
  'content-encoding',
  'accept-encoding',
  'expect',
];

/**
 * Passes a request of the browser on to the API and streams the answer back, so that the dashboard,
 * its session cookie and its event streams all live on one origin. When the browser goes away the
 * request to the API is aborted, which ends the query or the stream behind it.
 */
export async function forwardToApi(request: Request): Promise<Response> {
  const source = new URL(request.url);
  const headers = forwardedHeaders(request);
  const hasBody = request.method !== 'GET' && request.method !== 'HEAD';
  try {
    const answer = await fetch(webConfig().apiUrl + source.pathname + source.search, {
      method: request.method,
      headers,
      signal: request.signal,
      redirect: 'manual',
      cache: 'no-store',
      ...(hasBody ? { body: request.body, duplex: 'half' as const } : {}),
    });
    const answerHeaders = new Headers(answer.headers);
    for (const name of notForwarded) answerHeaders.delete(name);
    return new Response(answer.body, { status: answer.status, headers: answerHeaders });
  } catch {
    if (request.signal.aborted) return new Response(null, { status: 499 });
    return Response.json(
      { error: { code: 'UNREACHABLE', message: 'the API does not answer' } },
      { status: 502, headers: { [unreachableHeader]: '1' } },
    );
  }
}

function forwardedHeaders(request: Request): Headers {
  const headers = new Headers(request.headers);
  const host = headers.get('host');
  for (const name of notForwarded) headers.delete(name);
  // A proxy in front of us has already written these; else we are the first.
  if (host !== null && !headers.has('x-forwarded-host')) headers.set('x-forwarded-host', host);
  if (!headers.has('x-forwarded-proto')) {
    headers.set('x-forwarded-proto', new URL(request.url).protocol.replace(':', ''));
  }
  return headers;
}
