import type { Db } from '@arbor/db';
import type { DataRequest } from '@arbor/schema/privacy';
import { activityRequestSchema, querySchema } from '@arbor/schema/query';
import type { ProfilesService, QueryService } from '../dqs/ports.ts';
import { ApiError } from '../errors.ts';
import type { ProjectRecord, ProjectStore } from '../projects/ports.ts';
import { eventsOf, onUser } from '../users/user-events.ts';
import type { AccessLine } from './ports.ts';

const pageRows = 1000;
const yearMs = 365 * 86_400_000;

export type AccessExport = (
  projectId: number,
  request: AccessRequest,
  signal: AbortSignal,
) => AsyncIterable<AccessLine>;

type AccessRequest = Pick<DataRequest, 'complianceType' | 'disclosureType'> & {
  readonly distinctIds: readonly string[];
};

export interface AccessDeps {
  readonly db: Db;
  readonly projects: Pick<ProjectStore, 'byId'>;
  readonly queries: Pick<QueryService, 'run'>;
  readonly profiles: ProfilesService;
  readonly clock: () => number;
}

/** A user whose data are told. */
interface Told {
  readonly project: ProjectRecord;
  readonly user: string;
  readonly signal: AbortSignal;
}

/**
 * Everything that is known of users: identifiers and how they were joined, profile, cohorts, events. Put together while
 * it is read, a page of events in memory at a time. Under CCPA events of the last year alone are told. `Categories` and
 * `Sources` tell the names of what is collected, and what collected it, instead of values.
 */
export function createAccessExport(deps: AccessDeps): AccessExport {
  return async function* exportAccess(projectId, request, signal) {
    const project = await deps.projects.byId(projectId);
    if (project === null) throw new ApiError('NOT_FOUND', `project ${projectId} does not exist`);
    const told = new Set<string>();
    for (const identifier of request.distinctIds) {
      const found = await deps.db.identifier.findUnique({
        where: { project_identifier: { project: projectId, identifier } },
        select: { canonical: true },
      });
      if (found === null) {
        yield { type: 'unknown', identifier };
      } else if (!told.has(found.canonical)) {
        told.add(found.canonical);
        yield* tellUser(deps, { project, user: found.canonical, signal }, request);
      }
    }
  };
}

async function* tellUser(
  deps: AccessDeps,
  told: Told,
  { complianceType, disclosureType }: AccessRequest,
): AsyncGenerator<AccessLine> {
  const { user, project } = told;
  const from =
    complianceType === 'CCPA'
      ? new Date(deps.clock() - yearMs).toISOString().slice(0, 10)
      : undefined;
  if (disclosureType !== 'Data') {
    yield* tellNames(deps, told, { from, disclosureType });
    return;
  }
  const identifiers = await deps.db.identifier.findMany({
    where: { project: project.id, canonical: user },
    orderBy: [{ createdAt: 'asc' }, { identifier: 'asc' }],
  });
  for (const { identifier, kind, createdAt } of identifiers) {
    yield { type: 'identifier', user, identifier, kind, firstSeen: createdAt.toISOString() };
  }
  const ids = identifiers.map(({ identifier }) => identifier);
  const links = await deps.db.identityLink.findMany({
    where: { project: project.id, OR: [{ alias: { in: ids } }, { joined: { in: ids } }] },
    orderBy: { id: 'asc' },
  });
  for (const { form, alias, joined, winner, refused, undoneAt, createdAt } of links) {
    const at = createdAt.toISOString();
    const undone = undoneAt?.toISOString() ?? null;
    yield { type: 'link', user, form, alias, joined: joined ?? winner, refused, undone, at };
  }
  const profile = (await deps.profiles.profiles({ ...told, users: [user] })).get(user);
  if (profile !== undefined) yield { type: 'profile', user, properties: profile };
  for (const { id, name } of await cohortsOf(deps, told)) yield { type: 'cohort', user, id, name };
  for await (const event of eventsOfUser(deps, told, from)) yield { type: 'event', user, ...event };
}

/** All events, newest first; those of the protocol and those that the project hides among them. */
async function* eventsOfUser({ db, queries }: AccessDeps, told: Told, from: string | undefined) {
  const hidden = await db.lexiconEntry.findMany({
    where: { projectId: told.project.id, entity: 'event', hidden: true },
    select: { name: true },
  });
  const names = { hidden: hidden.map(({ name }) => name), searched: [] };
  const asked = activityRequestSchema.parse({ from, withHidden: true, limit: pageRows });
  for (let cursor: string | undefined; ;) {
    const page = await eventsOf(queries, told, {
      activity: { ...asked, cursor },
      names,
    });
    for (const { event, timeMs, properties } of page.events) {
      yield { event, time: new Date(timeMs).toISOString(), properties };
    }
    if (page.next === null) return;
    cursor = page.next;
  }
}

/** Saved cohorts that the user is in now. */
async function cohortsOf(
  { db, queries }: AccessDeps,
  { project, user, signal }: Told,
): Promise<{ id: string; name: string }[]> {
  const cohorts = await db.definition.findMany({
    where: { projectId: project.id, kind: 'cohort', archivedAt: null },
    select: { id: true, name: true },
    orderBy: { id: 'asc' },
  });
  const own: { id: string; name: string }[] = [];
  for (const cohort of cohorts) {
    const page = {
      type: 'list',
      of: {
        type: 'cohort',
        filters: [
          { type: 'cohort', operator: 'in', cohorts: [{ type: 'saved', id: cohort.id }] },
          onUser(user),
        ],
      },
      point: { type: 'cohort' },
      limit: 1,
    };
    const { result } = await queries.run({ project, query: querySchema.parse(page), signal });
    if (result.type === 'list' && result.users.length > 0) own.push(cohort);
  }
  return own;
}

/** Which programs sent data: what a client library calls itself in every event of its own. */
const sourceProperties = ['mp_lib', '$lib_version', '$import', '$browser', '$os'];

async function* tellNames(
  deps: AccessDeps,
  told: Told,
  { from, disclosureType }: { from: string | undefined; disclosureType: 'Categories' | 'Sources' },
): AsyncGenerator<AccessLine> {
  const { user } = told;
  const events = new Map<string, Set<string>>();
  const sources = new Map<string, Set<string>>();
  for await (const { event, properties } of eventsOfUser(deps, told, from)) {
    const names = events.get(event) ?? new Set();
    events.set(event, names);
    for (const [name, value] of Object.entries(properties)) {
      names.add(name);
      if (!sourceProperties.includes(name)) continue;
      const values = sources.get(name) ?? new Set();
      sources.set(name, values.add(String(value)));
    }
  }
  if (disclosureType === 'Sources') {
    for (const [property, values] of sources) {
      yield { type: 'source', user, property, values: [...values].sort() };
    }
    return;
  }
  const profile = (await deps.profiles.profiles({ ...told, users: [user] })).get(user);
  if (profile !== undefined) {
    yield { type: 'profileCategories', user, properties: Object.keys(profile).sort() };
  }
  for (const [event, names] of events) {
    yield { type: 'eventCategories', user, event, properties: [...names].sort() };
  }
}
