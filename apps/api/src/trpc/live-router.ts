import { liveFilterSchema } from '@arbor/schema/live';
import { tracked } from '@trpc/server';
import { z } from 'zod';
import { isStreamId } from '../live/stream-id.ts';
import { projectProcedure, router } from './procedures.ts';

const filterInput = z.object({ filter: liveFilterSchema.default({}) });

export const liveRouter = router({
  /** The last entries that pass, oldest first. */
  recent: projectProcedure
    .input(filterInput.extend({ max: z.number().int().min(1).max(1000).default(100) }))
    .query(async ({ ctx, input }) => {
      const positions = await ctx.services.live.recent(ctx.project.id, input.filter, input.max);
      return positions.map(({ entry }) => entry);
    }),

  /**
   * The last entries that pass, then each as it comes. Ids are places in the stream: a client that
   * reconnects sends the last one and gets what it missed.
   */
  entries: projectProcedure
    .input(
      filterInput.extend({
        lastEventId: z
          .string()
          .refine(isStreamId, { error: 'must be an id that this stream sent' })
          .nullish(),
      }),
    )
    .subscription(async function* ({ ctx, input, signal: client }) {
      const { live, requests } = ctx.services;
      const { signal, end } = requests.open(client);
      const after = input.lastEventId ?? undefined;
      const entries = live.follow(ctx.project.id, input.filter, {
        ...(after === undefined ? {} : { after }),
        signal,
      });
      try {
        for await (const { streamId, entry } of entries) yield tracked(streamId, entry);
      } finally {
        end();
      }
    }),
});
