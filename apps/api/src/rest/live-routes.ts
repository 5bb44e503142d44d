import { liveFilterSchema } from '@arbor/schema/live';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { Live } from '../live/ports.ts';
import { isStreamId } from '../live/stream-id.ts';
import {
  authorizeFor,
  principalOf,
  projectIdSchema,
  signalOf,
  type RestDeps,
} from './rest-request.ts';
import { sendUpdates, streamTypeOf, type StreamUpdate } from './update-stream.ts';

const parameters = z.object({ id: projectIdSchema });

const liveQuery = z.object({
  /** Kinds of entries, with commas. */
  kinds: z
    .string()
    .transform((kinds) => kinds.split(','))
    .pipe(liveFilterSchema.shape.kinds.unwrap())
    .optional(),
  event: liveFilterSchema.shape.event,
  user: liveFilterSchema.shape.user,
  max: z.coerce.number().int().min(1).max(1000).default(100),
});

/** What browsers send by themselves when they reconnect. */
const placeSchema = z
  .string()
  .refine(isStreamId, { error: 'last-event-id: must be an id that this stream sent' });

/** What arrives in a project (ux.md 15): the last entries, or as a stream each as it comes. */
export function liveRoutes(app: FastifyInstance, deps: RestDeps): void {
  const { live } = deps.services;
  app.get('/api/v1/projects/:id/live', async (request, reply) => {
    const { id } = parameters.parse(request.params);
    const principal = await principalOf(request, deps);
    const project = await authorizeFor(principal, id, { deps, needed: 'consumer' });
    const { max, ...filter } = liveQuery.parse(request.query);
    const type = streamTypeOf(request);
    if (type === null) {
      const positions = await live.recent(project.id, filter, max);
      return { entries: positions.map(({ entry }) => entry) };
    }
    const place = placeSchema.optional().parse(request.headers['last-event-id']);
    const signal = signalOf(reply, deps);
    const entries = live.follow(project.id, filter, {
      ...(place !== undefined && { after: place }),
      signal,
    });
    return sendUpdates(reply, updatesOf(entries), { type, signal });
  });
}

/** Begins with an update of its own: a project in which nothing happens would keep a client waiting for the status. */
async function* updatesOf(entries: ReturnType<Live['follow']>): AsyncGenerator<StreamUpdate> {
  yield { update: { type: 'open' } };
  for await (const { streamId, entry } of entries) {
    const update = { type: 'entry', id: streamId, entry };
    yield { id: streamId, update };
  }
}
