import {
  importCheckSchema,
  importRowsSchema,
  importStateSchema,
  newImportSchema,
} from '@arbor/schema/imports';
import { healthSpanSchema } from '@arbor/schema/ingestion-health';
import { z } from 'zod';
import { importIdSchema, importPageSchema } from '../imports/import-input.ts';
import { refusedInputSchema, refusedOf } from '../health/health-input.ts';
import { projectProcedure, projectProcedureFor, router } from './procedures.ts';

/** How ingestion of a project is, and what it refused. */
export const ingestHealthRouter = router({
  get: projectProcedure
    .input(z.object({ span: healthSpanSchema.default('hour') }))
    .query(({ ctx, input }) => ctx.services.ingestHealth.of(ctx.project.id, input.span)),

  refused: projectProcedure
    .input(refusedInputSchema)
    .query(async ({ ctx, input: { limit, cursor, unknownTokens, ...filter } }) => {
      const { ingestHealth, projects } = ctx.services;
      const of = await refusedOf(ctx.project, unknownTokens, projects);
      return ingestHealth.refused(of, { filter, limit, cursor });
    }),
});

/** Writing history changes every report: `ingestion-api.md` 1.3 asks for an owner or an admin. */
const importer = projectProcedureFor('admin');
const idInput = z.object({ id: importIdSchema });

/** Files of events, some rows at a time. */
export const importRouter = router({
  list: projectProcedure
    .input(importPageSchema)
    .query(({ ctx, input: { limit, cursor } }) =>
      ctx.services.imports.list(ctx.project.id, { limit, cursor }),
    ),

  get: projectProcedure
    .input(idInput)
    .query(({ ctx, input }) => ctx.services.imports.get(ctx.project.id, input.id)),

  /** A question that is too long for a URL. */
  check: importer
    .input(importCheckSchema)
    .mutation(({ ctx, input }) => ctx.services.imports.check(ctx.project, input.rows)),

  create: importer
    .input(z.object({ import: newImportSchema }))
    .mutation(({ ctx, input }) =>
      ctx.services.imports.create(ctx.project, input.import, ctx.principal),
    ),

  add: importer
    .input(idInput.extend({ rows: importRowsSchema }))
    .mutation(({ ctx, input }) => ctx.services.imports.add(ctx.project, input.id, input.rows)),

  setState: importer
    .input(idInput.extend({ state: importStateSchema }))
    .mutation(({ ctx, input: { id, state } }) =>
      ctx.services.imports.setState(ctx.project, id, { state, by: ctx.principal }),
    ),
});
