import type { Db } from '@arbor/db';
import type { ProjectDefinitions as PlanDefinitions } from '@arbor/engine/plan';
import type { ColumnType } from '@arbor/schema/definitions';
import type { PropertyValue } from '@arbor/schema/property-value';
import type { Query } from '@arbor/schema/query';
import { ApiError } from '../errors.ts';
import { ContentCache } from './content-cache.ts';
import type { ContentStore } from './content-store.ts';
import type { DefinitionsCache, ProjectDefinitions } from './project-definitions.ts';
import type { SavedDefinitions } from './resolve-query.ts';
import { resolveQuery } from './resolve-query.ts';

/** Of a project, what its definitions are found by. */
export interface DefiningProject {
  readonly id: number;
  readonly definitionsVersion: number;
}

/** A query as it is planned, and what planning it asks of the project. */
export interface ResolvedQuery {
  readonly query: Query;
  readonly definitions: PlanDefinitions;
}

/** Puts what a project has saved into its queries. */
export interface QueryDefinitions {
  /** Throws ApiError INVALID_QUERY for what does not exist. */
  resolve(project: DefiningProject, query: Query): Promise<ResolvedQuery>;
  /** The same with definitions that are not saved yet. */
  resolveWith(
    projectId: number,
    definitions: ProjectDefinitions,
    query: Query,
  ): Promise<ResolvedQuery>;
}

/** Some lists of a million ids, or tables of 100 MB. */
const cacheBytesMax = 256 * 1024 * 1024;
/** Identifiers a statement, and statements at once: while the database looks up some, the answers of others are read. */
const identifiersAtOnce = 10_000;
const statementsAtOnce = 3;
/** Members are looked up again after so long, or so many times as long as it took: users may have been merged. */
const membersFreshMs = 2000;
const membersFreshFactor = 20;

export function createQueryDefinitions({
  db,
  cache,
  contents,
  clock,
}: {
  readonly db: Db;
  readonly cache: DefinitionsCache;
  readonly contents: ContentStore;
  readonly clock: () => number;
}): QueryDefinitions {
  const loaded = new ContentCache(cacheBytesMax, clock);

  const column = async (contentId: string, part: number): Promise<readonly string[]> =>
    (await loaded.get(`${contentId} ${part}`, () => contents.read(contentId, part))) ?? replaced();

  const members = async (projectId: number, contentId: string): Promise<readonly string[]> => {
    const load = async (): Promise<readonly string[] | null> => {
      const ids = await contents.read(contentId, 0);
      return ids && canonicalIds(db, projectId, ids);
    };
    const freshFor = (tookMs: number): number =>
      Math.max(membersFreshMs, membersFreshFactor * tookMs);
    return (await loaded.get(`${contentId} members`, load, freshFor)) ?? replaced();
  };

  const resolveWith: QueryDefinitions['resolveWith'] = async (projectId, definitions, query) => {
    const lists = new Map<string, readonly string[]>();
    for (;;) {
      const wanted = new Set<string>();
      const resolved = resolveQuery(query, savedDefinitions(definitions, lists, wanted));
      if (wanted.size === 0) {
        const { hiddenEvents, sessions } = definitions;
        const lookup = await lookups(resolved, definitions, column);
        const excluded = sessions.excluded.flatMap(
          (name) => definitions.events.get(name) ?? [name],
        );
        return {
          query: resolved,
          definitions: {
            hiddenEvents,
            sessions: { ...sessions, excluded },
            propertyNames: (name) => definitions.properties.get(name),
            lookup,
          },
        };
      }
      for (const contentId of wanted) lists.set(contentId, await members(projectId, contentId));
    }
  };
  return {
    resolve: async ({ id, definitionsVersion }, query) =>
      resolveWith(id, await cache.get({ id, version: definitionsVersion }), query),
    resolveWith,
  };
}

function replaced(): never {
  throw new ApiError('CONFLICT', 'a list or table that the query reads was replaced meanwhile');
}

/** What the definitions say; frozen cohorts whose members are not in `lists` are added to `wanted`. */
export function savedDefinitions(
  definitions: ProjectDefinitions,
  lists: ReadonlyMap<string, readonly string[]>,
  wanted: Set<string>,
): SavedDefinitions {
  return {
    cohort: (id) => {
      const cohort = definitions.cohorts.get(id);
      if (cohort?.type !== 'frozen') return cohort;
      const { name, contentId } = cohort;
      const ids = contentId === null ? [] : lists.get(contentId);
      if (contentId !== null && ids === undefined) wanted.add(contentId);
      // Nobody changes the list: it is shared by all queries.
      return { type: 'users', name, ids: (ids ?? []) as string[] };
    },
    customEvent: (id) => definitions.customEvents.get(id),
    customProperty: (id) => definitions.customProperties.get(id),
    eventNames: (name) => definitions.events.get(name),
    mergedEvents: () => [...new Set(definitions.events.values())],
  };
}

/** The users that identifiers belong to now, each once; one that was never seen stands for itself. */
async function canonicalIds(
  db: Db,
  project: number,
  identifiers: readonly string[],
): Promise<string[]> {
  const canonical = new Map<string, string>();
  let next = 0;
  const work = async (): Promise<void> => {
    while (next < identifiers.length) {
      const some = identifiers.slice(next, (next += identifiersAtOnce));
      // As JSON: half of what a list of parameters costs here.
      const rows = await db.$queryRaw<{ identifier: string; canonical: string }[]>`
        SELECT identifier, canonical
          FROM jsonb_array_elements_text(${JSON.stringify(some)}::jsonb) AS wanted(id)
          JOIN identifiers ON project = ${project} AND identifier = wanted.id
         WHERE identifier <> canonical`;
      for (const row of rows) canonical.set(row.identifier, row.canonical);
    }
  };
  await Promise.all(Array.from({ length: statementsAtOnce }, work));
  return [...new Set(identifiers.map((identifier) => canonical.get(identifier) ?? identifier))];
}

/** The columns of tables that the query reads, loaded before it is planned. */
async function lookups(
  query: Query,
  { tables }: ProjectDefinitions,
  column: (contentId: string, part: number) => Promise<readonly string[]>,
): Promise<PlanDefinitions['lookup']> {
  const found = new Map<string, ReturnType<PlanDefinitions['lookup']>>();
  for (const { table: name, column: wanted } of lookupsOf(query)) {
    const table = tables.get(name);
    const part = table?.columns.findIndex((own) => own.name === wanted) ?? -1;
    const type = table?.columns[part]?.type;
    if (!table?.contentId || type === undefined) continue;
    const [keys, cells] = await Promise.all([
      column(table.contentId, 0),
      column(table.contentId, part),
    ]);
    found.set(lookupKey(name, wanted), typedColumn(keys, cells, type));
  }
  return (table, own) => found.get(lookupKey(table, own));
}

const lookupKey = (table: string, column: string): string => JSON.stringify([table, column]);

type LookupColumn = NonNullable<ReturnType<PlanDefinitions['lookup']>>;

/** By their cells, which belong to one column: as long as these are kept, each query gets the same object. */
const typedColumns = new WeakMap<readonly string[], LookupColumn>();

/** Without empty cells: a key without a value is like one that is missing (14.7). */
function typedColumn(
  keys: readonly string[],
  cells: readonly string[],
  type: ColumnType,
): LookupColumn {
  const known = typedColumns.get(cells);
  if (known !== undefined) return known;
  const own: string[] = [];
  const values: PropertyValue[] = [];
  for (const [row, cell] of cells.entries()) {
    const key = keys[row];
    if (cell === '' || key === undefined) continue;
    own.push(key);
    values.push(type === 'number' ? Number(cell) : type === 'boolean' ? cell === 'true' : cell);
  }
  const column = { keys: own, values };
  typedColumns.set(cells, column);
  return column;
}

interface Lookup {
  readonly table: string;
  readonly column: string;
}

/** Every lookup in a query, wherever it stands. */
function lookupsOf(node: unknown): Lookup[] {
  if (Array.isArray(node)) return node.flatMap(lookupsOf);
  if (typeof node !== 'object' || node === null) return [];
  const part = node as Readonly<Record<string, unknown>>;
  // Up to a million texts. A query about users has the same type, and may look things up.
  if (part.type === 'users' && 'ids' in part) return [];
  if (part.type === 'lookup' && typeof part.table === 'string' && typeof part.column === 'string') {
    return [{ table: part.table, column: part.column }];
  }
  return Object.values(part).flatMap(lookupsOf);
}
