import type { QueryInput, UserConditionInput } from '@arbor/schema/query';
import { askQuery } from '../ask.ts';
import type { Asked, Endpoint } from '../endpoint.ts';
import type { DataDeps } from './data-deps.ts';
import { PageStarts, readSession, type Session } from './engage-session.ts';
import { readOnlyIds, readSelection, type Selection } from './engage-selection.ts';

/** What Mixpanel's pages hold (`query-api.md` 8.2). */
const pageSize = 1000;

type ListOf = Extract<QueryInput, { type: 'list' }>;

/**
 * `/engage` (`query-api.md` 8): profiles, a page at a time, in the order of their ids. Pages of a session may be asked
 * for in any order and side by side: where each begins is found once and kept.
 */
export function engage(deps: DataDeps): Endpoint {
  const pageOf = pagesOf(deps);
  return {
    path: '/engage',
    handle: async (asked: Asked) => {
      const { parameters, project, signal } = asked;
      const page = parameters.integer('page', { min: 0, max: 1_000_000 }) ?? 0;
      const session = readSession(parameters, page, deps.clock());
      const output = parameters.texts('output_properties');
      const found = await pageOf(asked, { session, page });
      const profiles = await deps.users.profiles({ project, users: found.users, signal });
      const isNamed = found.total === null;
      const users = isNamed ? found.users.filter((user) => profiles.has(user)) : found.users;
      const shown = isNamed && page > 0 ? [] : users;
      return {
        status: 'ok',
        computed_at: new Date(deps.clock()).toISOString(),
        page,
        page_size: pageSize,
        session_id: session.id,
        total: found.total ?? users.length,
        results: shown.map((user) => ({
          $distinct_id: user,
          $properties: chosen(profiles.get(user) ?? {}, output),
        })),
      };
    },
  };
}

interface FoundPage {
  readonly users: readonly string[];
  /** Null = they were named: those of them who have a profile are one page, and all that there is. */
  readonly total: number | null;
}

/** Finds who is on a page. */
function pagesOf(deps: DataDeps) {
  const starts = new PageStarts();
  return async (
    asked: Asked,
    { session, page }: { readonly session: Session; readonly page: number },
  ): Promise<FoundPage> => {
    const only = await readOnlyIds(asked, deps);
    if (only !== null) return { users: only, total: null };
    const list = listOf(await readSelection(asked, deps, { session, page }));
    const ask = (question: ListOf) => askQuery(deps.queries, asked, question);
    const key = { project: asked.project.id, session: session.id, page, list };
    const start = await starts.find(key, ask);
    if (start === null) {
      const { total } = await ask({ ...list, limit: 1 });
      return { users: [], total };
    }
    const { users, total } = await ask({ ...list, limit: pageSize, ...start });
    return { users, total };
  };
}

/** Users behind a number: profiles that pass, or members of a cohort, with a profile or without. */
function listOf({ profiles, members }: Selection): ListOf {
  if (members !== null) {
    const filters: UserConditionInput[] = [...members];
    return { type: 'list', of: { type: 'cohort', filters }, point: { type: 'cohort' } };
  }
  return {
    type: 'list',
    of: {
      type: 'insights',
      // Profiles have no history: any day will do.
      range: { from: '2000-01-01', to: '2000-01-01' },
      metrics: [{ type: 'people', filters: [...profiles], measure: { type: 'total' } }],
    },
    point: { type: 'insights', metric: 0 },
  };
}

function chosen(
  properties: Readonly<Record<string, unknown>>,
  names: readonly string[] | undefined,
): Readonly<Record<string, unknown>> {
  if (names === undefined) return properties;
  return Object.fromEntries(
    names.flatMap((name) => (Object.hasOwn(properties, name) ? [[name, properties[name]]] : [])),
  );
}
