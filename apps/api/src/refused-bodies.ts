import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

/** An honest upload on a slow line is over by then; nobody may send for ever to a request that was answered. */
const readOnMsMax = 60_000;

/**
 * A request may be answered before all of its body is there: 413 goes by the length that its header names, and the framework then closes
 * the connection. What the client still has on its way makes that a reset, which takes the answer with it: Node's `fetch` fails with
 * EPIPE, and a browser sees a failure of the network, for which mixpanel-browser throws its events away (`ingestion-api.md` 13.1).
 * So the rest is read and forgotten, and the connection stays.
 */
export function readRefusedBodies(
  app: FastifyInstance,
  options: { readonly msMax: number } = { msMax: readOnMsMax },
): void {
  app.addHook('onSend', (request, reply, _payload, done) => {
    if (reply.getHeader('connection') === 'close' && isUnderWay(request)) {
      void reply.removeHeader('connection');
      forgetRest(request, reply, options.msMax);
    }
    done();
  });
}

function isUnderWay({ raw }: FastifyRequest): boolean {
  return !raw.complete && !raw.destroyed;
}

function forgetRest({ raw }: FastifyRequest, reply: FastifyReply, msMax: number): void {
  raw.resume();
  reply.raw.once('finish', () => {
    if (raw.complete) return;
    const timer = setTimeout(() => raw.destroy(), msMax);
    raw.once('close', () => clearTimeout(timer));
  });
}
