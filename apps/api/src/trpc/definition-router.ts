import type { DefinitionKind } from '@arbor/schema/definitions';
import {
  definitionChangeSchema,
  lexiconEntitySchema,
  lexiconEntrySchema,
  newDefinitionSchema,
  sessionSettingsSchema,
} from '@arbor/schema/definitions';
import { z } from 'zod';
import type { DefinitionChange, NewDefinition } from '../definitions/ports.ts';
import { projectProcedure, projectProcedureFor, router } from './procedures.ts';

const idInput = z.object({ id: z.string().min(1) });

/** What a project has saved of one kind. Files of members and rows go over REST. */
function definitionRouter<K extends DefinitionKind>(kind: K) {
  const writer = projectProcedureFor('analyst');
  return router({
    list: projectProcedure
      .input(z.object({ archived: z.boolean().default(false) }))
      .query(({ ctx, input: { archived } }) =>
        ctx.services.definitions.list(ctx.project, kind, { archived }),
      ),
    get: projectProcedure
      .input(idInput)
      .query(({ ctx, input }) => ctx.services.definitions.get(ctx.project, kind, input.id)),
    // The compiler does not follow the schemas by their kind.
    create: writer
      .input(z.object({ new: newDefinitionSchema(kind) }))
      .mutation(({ ctx, input }) => {
        const wanted = input.new as NewDefinition<K>;
        return ctx.services.definitions.create(ctx.project, kind, wanted, ctx.principal);
      }),
    change: writer
      .input(idInput.extend({ change: definitionChangeSchema(kind) }))
      .mutation(({ ctx, input }) => {
        const change = input.change as DefinitionChange<K>;
        return ctx.services.definitions.change(ctx.project, kind, input.id, change, ctx.principal);
      }),
  });
}

export const cohortRouter = definitionRouter('cohort');
export const customEventRouter = definitionRouter('custom_event');
export const customPropertyRouter = definitionRouter('custom_property');
export const lookupTableRouter = definitionRouter('lookup_table');

const entityInput = z.object({ entity: lexiconEntitySchema });
const settings = projectProcedureFor('admin');

/** What was said about the names in the data. */
export const lexiconRouter = router({
  list: projectProcedure
    .input(entityInput)
    .query(({ ctx, input }) => ctx.services.definitions.lexicon(ctx.project, input.entity)),
  set: settings
    .input(entityInput.extend({ entry: lexiconEntrySchema }))
    .mutation(({ ctx, input }) =>
      ctx.services.definitions.setLexicon(ctx.project, input.entity, input.entry, ctx.principal),
    ),
  forget: settings
    .input(entityInput.extend({ name: z.string() }))
    .mutation(({ ctx, input }) =>
      ctx.services.definitions.forgetLexicon(ctx.project, input.entity, input.name, ctx.principal),
    ),
});

export const sessionSettingsRouter = router({
  get: projectProcedure.query(({ ctx }) => ctx.services.definitions.sessions(ctx.project)),
  set: settings
    .input(z.object({ settings: sessionSettingsSchema }))
    .mutation(({ ctx, input }) =>
      ctx.services.definitions.setSessions(ctx.project, input.settings, ctx.principal),
    ),
});
