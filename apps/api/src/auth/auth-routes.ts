import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Accounts } from './accounts.ts';
import { clientAddressHeader } from './accounts.ts';
import { webHeaders } from './web-headers.ts';

/** E-mail, password and a little more: nothing that signs in needs a larger body. */
const bodyBytesMax = 64 * 1024;

/** Hands everything under `/api/auth/` to the accounts library, which speaks fetch's Request and Response. */
export async function authRoutes(
  app: FastifyInstance,
  { accounts, webUrl }: { readonly accounts: Accounts; readonly webUrl: string },
): Promise<void> {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));

  const handle = async (request: FastifyRequest, reply: FastifyReply): Promise<unknown> => {
    const headers = webHeaders(request.headers);
    // Whatever the client put there: only the address that the server worked out counts.
    headers.set(clientAddressHeader, request.ip);
    headers.delete('content-length');
    const body = Buffer.isBuffer(request.body) ? new Uint8Array(request.body) : null;
    const response = await accounts.handle(
      new Request(new URL(request.url, webUrl), { method: request.method, headers, body }),
    );
    reply.code(response.status);
    for (const [name, value] of response.headers) {
      if (name !== 'set-cookie') reply.header(name, value);
    }
    // Several cookies must stay several headers.
    const cookies = response.headers.getSetCookie();
    if (cookies.length > 0) reply.header('set-cookie', cookies);
    reply.header('cache-control', 'no-store');
    return reply.send(Buffer.from(await response.arrayBuffer()));
  };
  app.route({
    method: ['GET', 'POST'],
    url: '/api/auth/*',
    bodyLimit: bodyBytesMax,
    handler: handle,
  });
}
