import { identitySettingsSchema } from '@arbor/schema/identity';
import { z } from 'zod';
import {
  cursorSchema,
  linkIdSchema,
  mergeInputSchema,
  refusalDaysSchema,
} from '../identity/identity-input.ts';
import { identifierSchema } from '../users/users-input.ts';
import { projectProcedure, projectProcedureFor, router } from './procedures.ts';

const userInput = z.object({ identifier: identifierSchema });
const linkInput = z.object({ link: linkIdSchema });

/** Who is whom, and why (reports.md 13). */
export const identityRouter = router({
  user: projectProcedure
    .input(userInput)
    .query(({ ctx, input }) => ctx.services.identity.userOf(ctx.project, input.identifier)),

  log: projectProcedure
    .input(userInput.extend({ cursor: cursorSchema.optional() }))
    .query(({ ctx, input }) =>
      ctx.services.identity.log(ctx.project, input.identifier, input.cursor),
    ),

  refusals: projectProcedure
    .input(z.object({ days: refusalDaysSchema }))
    .query(({ ctx, input }) => ctx.services.identity.refusals(ctx.project, input.days)),

  merge: projectProcedureFor('admin')
    .input(mergeInputSchema)
    .mutation(({ ctx, input, signal: client }) => {
      const { identity, requests } = ctx.services;
      return requests.run(client, (signal) =>
        identity.merge(ctx.project, input, { by: ctx.principal, signal }),
      );
    }),

  preview: projectProcedureFor('admin')
    .input(linkInput)
    .query(({ ctx, input }) => ctx.services.identity.preview(ctx.project, input.link)),

  undo: projectProcedureFor('admin')
    .input(linkInput)
    .mutation(({ ctx, input, signal: client }) => {
      const { identity, requests } = ctx.services;
      return requests.run(client, (signal) =>
        identity.undo(ctx.project, input.link, { by: ctx.principal, signal }),
      );
    }),

  settings: projectProcedure.query(({ ctx }) => ctx.services.identity.settings(ctx.project)),

  setSettings: projectProcedureFor('admin')
    .input(z.object({ settings: identitySettingsSchema }))
    .mutation(({ ctx, input }) =>
      ctx.services.identity.setSettings(ctx.project, input.settings, ctx.principal),
    ),
});
