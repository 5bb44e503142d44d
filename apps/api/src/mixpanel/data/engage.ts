import { groupOfUser } from '@arbor/engine/group-project';
import type { Asked, Endpoint } from '../endpoint.ts';
import type { DataDeps } from './data-deps.ts';
import { listingOf, pageSize } from './engage-listing.ts';
import { PageStarts, readSession, type Session } from './engage-session.ts';
import { readOnlyIds, readSelection } from './engage-selection.ts';

/**
 * `/engage` (`query-api.md` 8): profiles, a page at a time, in the order of their ids or of `sort_key`. Pages of a session may be asked
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
      const groups = parameters.has('data_group_id');
      const profiles = await deps.users.profiles({ project, users: found.users, groups, signal });
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
          $distinct_id: groups ? (groupOfUser(user)?.id ?? user) : user,
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
    const listing = listingOf(await readSelection(asked, deps, { session, page }), asked, deps);
    const key = { project: asked.project.id, session: session.id, page, listing };
    return listing.page((await starts.find(key)) ?? undefined);
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
