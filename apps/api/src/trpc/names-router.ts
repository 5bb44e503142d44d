import type { LqsNames, LqsNamesRequest } from '@arbor/schema/lqs';
import type { AuthorizedProject } from '../auth/authorize.ts';
import { propertiesInputSchema, valuesInputSchema } from '../dqs/names-input.ts';
import type { Services } from '../services.ts';
import { projectProcedure, router } from './procedures.ts';

interface NamesContext {
  readonly services: Services;
  readonly project: AuthorizedProject;
}

function namesOf(
  { services, project }: NamesContext,
  client: AbortSignal | undefined,
  values?: NonNullable<LqsNamesRequest['values']>,
): Promise<LqsNames> {
  return services.requests.run(client, (signal) =>
    services.names.names(values === undefined ? { project, signal } : { project, signal, values }),
  );
}

/** What the pickers list. */
export const namesRouter = router({
  events: projectProcedure.query(async ({ ctx, signal }) => (await namesOf(ctx, signal)).events),

  properties: projectProcedure
    .input(propertiesInputSchema)
    .query(async ({ ctx, input: { scope }, signal }) => {
      const { properties } = await namesOf(ctx, signal);
      return properties.filter((property) => scope === undefined || property.scope === scope);
    }),

  values: projectProcedure.input(valuesInputSchema).query(async ({ ctx, input, signal }) => {
    // Parsed anew without the project, which the names of values know nothing of.
    const { values } = await namesOf(ctx, signal, valuesInputSchema.parse(input));
    return values;
  }),

  groups: projectProcedure.query(
    async ({ ctx, signal }) => (await namesOf(ctx, signal)).groups ?? [],
  ),
});
