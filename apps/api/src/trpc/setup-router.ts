import { setupRule } from '../auth/rate-limiter.ts';
import { createOwnerSchema } from '../auth/setup-request.ts';
import { ApiError } from '../errors.ts';
import { publicProcedure, router } from './procedures.ts';

export const setupRouter = router({
  /** Whether anybody owns this installation yet, and whether there is a demo to look at. */
  status: publicProcedure.query(async ({ ctx }) => ({
    ...(await ctx.services.setup.status()),
    demo: ctx.services.demo,
  })),

  /** Uses the one-time link. The caller signs in afterwards with the password it just chose. */
  createOwner: publicProcedure.input(createOwnerSchema).mutation(async ({ ctx, input }) => {
    const { rateLimiter, setup } = ctx.services;
    const limit = await rateLimiter.consume(`setup:${ctx.clientAddress}`, setupRule);
    if (!limit.allowed) {
      throw new ApiError('OVERLOADED', 'too many attempts to use a set-up link', {
        retryAfterSeconds: limit.retryAfter ?? setupRule.window,
      });
    }
    return setup.createOwner(input);
  }),
});
