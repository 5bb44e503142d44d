import { propertiesInputSchema, valuesInputSchema } from '../dqs/names-input.ts';
import { projectProcedure, router } from './procedures.ts';
import { untilClosed } from './until-closed.ts';

/** What the pickers list. */
export const namesRouter = router({
  events: projectProcedure.query(async ({ ctx, signal }) => {
    const { names, closing } = ctx.services;
    const { events } = await names.names({
      project: ctx.project,
      signal: untilClosed(signal, closing),
    });
    return events;
  }),

  properties: projectProcedure
    .input(propertiesInputSchema)
    .query(async ({ ctx, input, signal }) => {
      const { names, closing } = ctx.services;
      const { properties } = await names.names({
        project: ctx.project,
        signal: untilClosed(signal, closing),
      });
      return input.scope === undefined
        ? properties
        : properties.filter(({ scope }) => scope === input.scope);
    }),

  values: projectProcedure.input(valuesInputSchema).query(async ({ ctx, input, signal }) => {
    const { scope, name, search, max } = input;
    const { names, closing } = ctx.services;
    const { values } = await names.names({
      project: ctx.project,
      values: { scope, name, search, max },
      signal: untilClosed(signal, closing),
    });
    return values;
  }),
});
