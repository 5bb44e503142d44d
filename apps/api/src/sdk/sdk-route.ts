import type { FastifyInstance } from 'fastify';
import type { SdkFile } from './sdk-file.ts';

/** Pages pick up a new version within the hour, and ask with the ETag in between. */
const maxAgeSeconds = 3600;

/** The SDK for any page of any origin; its path can be changed so that block lists do not know it. */
export function sdkRoute(
  app: FastifyInstance,
  { path, load }: { readonly path: string; readonly load: () => Promise<SdkFile> },
): void {
  app.get(path, async (request, reply) => {
    const file = await load();
    reply.headers({
      'content-type': 'text/javascript; charset=utf-8',
      'cache-control': `public, max-age=${maxAgeSeconds}`,
      etag: file.etag,
      vary: 'Accept-Encoding',
      'access-control-allow-origin': '*',
      'cross-origin-resource-policy': 'cross-origin',
      'x-content-type-options': 'nosniff',
    });
    // A proxy that compresses on the way marks the tag as weak; it is the same file all the same.
    const known = request.headers['if-none-match'] ?? '';
    if (known.split(',').some((tag) => tag.trim().replace(/^W\//, '') === file.etag)) {
      return reply.code(304).send();
    }
    const encoding = chooseEncoding(request.headers['accept-encoding']);
    if (encoding === null) return reply.send(file.plain);
    return reply
      .header('content-encoding', encoding)
      .send(encoding === 'br' ? file.brotli : file.gzip);
  });
}

function chooseEncoding(header: string | string[] | undefined): 'br' | 'gzip' | null {
  const accepted = String(header ?? '')
    .split(',')
    .map((part) => part.trim().split(/\s*;\s*/))
    .filter(([, quality]) => !/^q=0(\.0*)?$/.test(quality ?? ''))
    .map(([name]) => name);
  if (accepted.includes('br')) return 'br';
  return accepted.includes('gzip') ? 'gzip' : null;
}
