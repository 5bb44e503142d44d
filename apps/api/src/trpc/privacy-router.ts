import { newDataRequestSchema, privacyChangeSchema } from '@arbor/schema/privacy';
import { z } from 'zod';
import { requestCursorSchema, requestIdSchema } from '../privacy/privacy-input.ts';
import { projectProcedureFor, router } from './procedures.ts';

const adminProcedure = projectProcedureFor('admin');
const requestInput = z.object({ id: requestIdSchema });

/** Requests for access and erasure, and what a project keeps (reports.md 20). */
export const privacyRouter = router({
  requests: adminProcedure
    .input(z.object({ cursor: requestCursorSchema.optional() }))
    .query(({ ctx, input }) => ctx.services.privacy.list(ctx.project, input)),

  request: adminProcedure
    .input(requestInput)
    .query(({ ctx, input }) => ctx.services.privacy.get(ctx.project, input.id)),

  create: adminProcedure
    .input(z.object({ request: newDataRequestSchema }))
    .mutation(({ ctx, input }) =>
      ctx.services.privacy.create(ctx.project, input.request, ctx.principal),
    ),

  cancel: adminProcedure
    .input(requestInput)
    .mutation(({ ctx, input }) =>
      ctx.services.privacy.cancel(ctx.project, input.id, ctx.principal),
    ),

  settings: adminProcedure.query(({ ctx }) => ctx.services.privacy.settings(ctx.project)),

  setSettings: adminProcedure
    .input(z.object({ settings: privacyChangeSchema }))
    .mutation(({ ctx, input }) =>
      ctx.services.privacy.setSettings(ctx.project, input.settings, ctx.principal),
    ),
});
