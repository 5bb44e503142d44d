import { z } from 'zod';
import { setupRule } from '../auth/rate-limiter.ts';
import { ApiError } from '../errors.ts';
import {
  invitationIdSchema,
  invitationTokenSchema,
  joinSchema,
  memberIdSchema,
  memberRoleSchema,
  newInvitationSchema,
} from '../members/member-input.ts';
import { organizationProcedureFor, publicProcedure, router } from './procedures.ts';

const managed = organizationProcedureFor('admin');

/** Who belongs to an organisation, and links for those who are to come (ux.md 23). */
export const memberRouter = router({
  list: managed.query(({ ctx }) => ctx.services.members.list(ctx.organization)),

  change: managed
    .input(z.object({ id: memberIdSchema, role: memberRoleSchema }))
    .mutation(({ ctx, input: { id, role } }) =>
      ctx.services.members.change(ctx.organization, { id, role }, ctx.principal),
    ),

  remove: managed
    .input(z.object({ id: memberIdSchema }))
    .mutation(async ({ ctx, input: { id } }) => {
      await ctx.services.members.remove(ctx.organization, id, ctx.principal);
      return { id };
    }),

  invite: managed
    .input(z.object({ invitation: newInvitationSchema }))
    .mutation(({ ctx, input }) =>
      ctx.services.members.invite(ctx.organization, input.invitation, ctx.principal),
    ),

  withdraw: managed
    .input(z.object({ id: invitationIdSchema }))
    .mutation(async ({ ctx, input: { id } }) => {
      await ctx.services.members.withdraw(ctx.organization, id, ctx.principal);
      return { id };
    }),
});

/** Of who holds a link: it is all that he needs, so guessing at links is slowed down. */
const limited = publicProcedure.use(async ({ ctx, next }) => {
  const key = `join:${ctx.clientAddress}`;
  const limit = await ctx.services.rateLimiter.consume(key, setupRule);
  if (limit.allowed) return next();
  throw new ApiError('OVERLOADED', 'too many attempts to use an invitation', {
    retryAfterSeconds: limit.retryAfter ?? setupRule.window,
  });
});

export const invitationRouter = router({
  offered: limited
    .input(z.object({ token: invitationTokenSchema }))
    .query(({ ctx, input }) => ctx.services.members.offered(input.token)),

  join: limited
    .input(joinSchema)
    .mutation(({ ctx, input }) => ctx.services.members.join(input, ctx.principal)),
});
