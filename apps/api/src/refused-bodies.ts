import { finished } from 'node:stream';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

/** An honest upload on a slow line is over by then; nobody may send for ever to a request that was answered. */
const readOnMsMax = 60_000;

/**
 * A request may be answered before all of its body is there: 413 goes by the length that its header names, and the framework then closes
 * the connection. What the client still has on its way makes that a reset, which takes the answer with it: Node's `fetch` fails with
 * EPIPE, and a browser sees a failure of the network, for which mixpanel-browser throws its events away (`ingestion-api.md` 13.1).
 * So the rest is read and forgotten, and the connection stays. Where the client said that it closes (`Connection: close`, as Python's urllib
 * sends, or HTTP/1.0) Node closes behind the answer: there the answer waits for the rest.
 */
export function readRefusedBodies(
  app: FastifyInstance,
  { msMax }: { readonly msMax: number } = { msMax: readOnMsMax },
): void {
  app.addHook('onSend', (request, reply, _payload, done) => {
    if (reply.getHeader('connection') !== 'close' || !isUnderWay(request)) {
      done();
      return;
    }
    void reply.removeHeader('connection');
    if (reply.raw.shouldKeepAlive) {
      forgetRest(request, reply, msMax);
      done();
    } else afterRest(request, msMax, done);
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

/** Whoever does not stop sending is answered all the same, and cut off by that. */
function afterRest({ raw }: FastifyRequest, msMax: number, done: () => void): void {
  const stopWaiting = finished(raw, () => {
    clearTimeout(timer);
    done();
  });
  const timer = setTimeout(() => {
    stopWaiting();
    done();
  }, msMax);
  raw.resume();
}
