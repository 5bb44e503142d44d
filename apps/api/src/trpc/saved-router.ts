import { boardChangeSchema, newBoardSchema } from '@arbor/schema/boards';
import {
  newSavedReportSchema,
  savedIdSchema,
  savedPageSchema,
  savedReportChangeSchema,
} from '@arbor/schema/saved-reports';
import { z } from 'zod';
import { nameOf } from '../auth/name-of.ts';
import { projectProcedure, projectProcedureFor, router } from './procedures.ts';

const idInput = z.object({ id: savedIdSchema });
const pageInput = z.object({ page: savedPageSchema.prefault({}) });
const analystProcedure = projectProcedureFor('analyst');

/** Reports that people keep (ux.md 10). */
export const savedReportRouter = router({
  list: projectProcedure
    .input(pageInput)
    .query(({ ctx, input }) => ctx.services.savedReports.list(ctx.project.id, input.page)),

  get: projectProcedure
    .input(idInput)
    .query(({ ctx, input }) => ctx.services.savedReports.get(ctx.project.id, input.id)),

  create: analystProcedure
    .input(z.object({ report: newSavedReportSchema }))
    .mutation(({ ctx, input }) =>
      ctx.services.savedReports.create(ctx.project.id, input.report, nameOf(ctx.principal)),
    ),

  change: analystProcedure
    .input(idInput.extend({ change: savedReportChangeSchema }))
    .mutation(({ ctx, input: { id, change } }) =>
      ctx.services.savedReports.change(ctx.project.id, id, change, nameOf(ctx.principal)),
    ),
});

/** Pages of them (ux.md 18). */
export const boardRouter = router({
  list: projectProcedure
    .input(pageInput.extend({ report: savedIdSchema.optional(), pinned: z.boolean().optional() }))
    .query(({ ctx, input: { page, report, pinned } }) =>
      ctx.services.boards.list(ctx.project.id, { ...page, report, pinned }),
    ),

  get: projectProcedure
    .input(idInput)
    .query(({ ctx, input }) => ctx.services.boards.get(ctx.project.id, input.id)),

  create: analystProcedure
    .input(z.object({ board: newBoardSchema }))
    .mutation(({ ctx, input }) =>
      ctx.services.boards.create(ctx.project.id, input.board, nameOf(ctx.principal)),
    ),

  change: analystProcedure
    .input(idInput.extend({ change: boardChangeSchema }))
    .mutation(({ ctx, input: { id, change } }) =>
      ctx.services.boards.change(ctx.project.id, id, change, nameOf(ctx.principal)),
    ),
});
