import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { acceptedHints } from '../edge/record/client-hints.ts';
import type { SdkFiles, SdkPartName } from './load-sdk.ts';
import { sdkPartNames } from './load-sdk.ts';
import type { SdkFile } from './sdk-file.ts';

/** Pages pick up a new version within the hour, and ask with the ETag in between (SRV-11). */
const plainCache = 'public, max-age=3600, stale-while-revalidate=86400';
const versionedCache = 'public, max-age=31536000, immutable';
/** The name that always works, whatever the operator chose. */
const aliasPath = '/sdk/arbor.js';

/** What the dashboard shows how to paste. */
const describedAt = '/sdk/arbor.json';

/**
 * The SDK for any page of any origin: at a path that can be changed so that block lists do not know it,
 * the same with its version in the name, which never changes, and its parts beside it.
 */
export function sdkRoute(
  app: FastifyInstance,
  { path, load }: { readonly path: string; readonly load: () => Promise<SdkFiles> },
): void {
  const isPart = (name: string): name is SdkPartName =>
    (sdkPartNames as readonly string[]).includes(name);
  for (const script of new Set([path, aliasPath])) {
    const stem = stemOf(script);
    app.get(script, async (request, reply) =>
      sendFile((await load()).script, plainCache, { request, reply }),
    );
    for (const name of sdkPartNames) {
      app.get(`${stem}.${name}.js`, async (request, reply) =>
        sendFile((await load()).parts[name], plainCache, { request, reply }),
      );
    }
    app.get<{ Params: { version: string } }>(`${stem}.:version.js`, async (request, reply) => {
      const { version, script: file, parts } = await load();
      const asked = request.params.version;
      if (asked === version) return sendFile(file, versionedCache, { request, reply });
      const part = asked.slice(version.length + 1);
      if (asked !== `${version}.${part}` || !isPart(part)) return reply.callNotFound();
      return sendFile(parts[part], versionedCache, { request, reply });
    });
  }
  app.get(describedAt, async (_, reply) => {
    const { version, integrity, stub } = await load();
    return reply
      .headers({ 'access-control-allow-origin': '*', 'cache-control': 'no-cache' })
      .send({ path, versionedPath: `${stemOf(path)}.${version}.js`, version, integrity, stub });
  });
}

const stemOf = (script: string): string => script.replace(/\.js$/, '');

function sendFile(
  file: SdkFile,
  cache: string,
  { request, reply }: { request: FastifyRequest; reply: FastifyReply },
): FastifyReply {
  void reply.headers({
    'content-type': 'text/javascript; charset=utf-8',
    'cache-control': cache,
    etag: file.etag,
    vary: 'Accept-Encoding',
    // Where the page's own origin serves the script; from another one browsers do not read it (SRV-8).
    'accept-ch': acceptedHints,
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
