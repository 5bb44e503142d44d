import { randomUUID } from 'node:crypto';
import type { Db } from '@arbor/db';
import type { Properties } from '@arbor/schema/property-value';
import type { AuditLog } from '../audit/ports.ts';
import { nameOf } from '../auth/name-of.ts';
import type { NamesService, ProfilesService, QueryService } from '../dqs/ports.ts';
import type { BatchContent } from '../edge/batch-sender.ts';
import { findUser, nearIdentifiers } from './find-user.ts';
import type { ProfileEdit, UsersService } from './ports.ts';
import { importPeople, type ImportDeps } from './import-people.ts';
import { cohortsMax, cohortsOf, type NamedCohort } from './user-cohorts.ts';
import { eventsOf } from './user-events.ts';
import { createUserLists } from './user-lists.ts';
import { profileOf } from './user-profile.ts';

export interface UsersDeps {
  readonly db: Db;
  readonly queries: Pick<QueryService, 'run'>;
  readonly profiles: ProfilesService;
  readonly names: NamesService;
  /** The way of everything that is sent: resolves once it is durable. */
  readonly send: (batch: BatchContent) => Promise<void>;
  readonly audit: AuditLog;
  readonly clock: () => number;
  /** Null = the queue of files has room. */
  readonly overloaded: ImportDeps['overloaded'];
}

export function createUsersService(deps: UsersDeps): UsersService {
  const { db, queries, profiles, names, audit, clock } = deps;
  return {
    ...createUserLists(deps),

    importPeople: (request) => importPeople(deps, request),

    profile: async ({ project, identifier, signal }) => {
      const user = await findUser(db, project.id, identifier);
      const known = await profiles.profiles({ project, users: [user], signal });
      return profileOf(queries, { project, user, signal }, known.get(user));
    },

    near: ({ project, identifier }) => nearIdentifiers(db, project.id, identifier),

    canonical: async (project, identifiers) => {
      const found = await db.identifier.findMany({
        where: { project: project.id, identifier: { in: [...identifiers] } },
        select: { identifier: true, canonical: true },
      });
      return new Map(found.map(({ identifier, canonical }) => [identifier, canonical]));
    },

    profiles: (request) => profiles.profiles(request),

    cohorts: async ({ project, identifier, signal, charge }) => {
      const user = await findUser(db, project.id, identifier);
      const saved = await savedCohorts(db, project.id);
      return cohortsOf(queries, { project, user, signal, charge }, saved);
    },

    activity: async ({ project, identifier, signal, activity }) => {
      const user = await findUser(db, project.id, identifier);
      const wantsHidden = activity.withHidden && activity.events === undefined;
      const [hidden, searched] = await Promise.all([
        wantsHidden ? hiddenEvents(db, project.id) : [],
        activity.search === '' ? [] : eventProperties(names, { project, signal }),
      ]);
      const of = { project, user, signal };
      return eventsOf(queries, of, { activity, names: { hidden, searched } });
    },

    edit: async ({ project, identifier, signal, edits, by }) => {
      const user = await findUser(db, project.id, identifier);
      const before = (await profiles.profiles({ project, users: [user], signal })).get(user);
      const now = clock();
      const insertId = randomUUID();
      const record = { kind: 'person' as const, distinctId: user, time: now, insertId };
      await deps.send({
        queue: 'live',
        project: project.id,
        source: 'engage',
        receivedAt: now,
        // By hand is not by the user: when he was last seen stays what it was.
        records: [{ ...record, operations: [...edits], ignoreTime: true }],
      });
      await audit.record({
        projectId: project.id,
        actor: nameOf(by),
        action: 'person.edit',
        target: user,
        details: { edits, before: touchedBy(edits, before) },
      });
    },
  };
}

/** Of what is stored, what the edits may change. */
function touchedBy(edits: readonly ProfileEdit[], before: Properties | undefined): Properties {
  const names = edits.flatMap((edit) => {
    if (edit.operator === '$set') return Object.keys(edit.values);
    return edit.operator === '$unset' ? edit.names : Object.keys(before ?? {});
  });
  const kept = names.flatMap((name) => {
    const value = before && Object.hasOwn(before, name) ? before[name] : undefined;
    return value === undefined ? [] : [[name, value] as const];
  });
  return Object.fromEntries(kept);
}

/** As many as are asked, and one more. */
function savedCohorts(db: Db, projectId: number): Promise<NamedCohort[]> {
  return db.definition.findMany({
    where: { projectId, kind: 'cohort', archivedAt: null },
    select: { id: true, name: true },
    orderBy: [{ name: 'asc' }, { id: 'asc' }],
    take: cohortsMax + 1,
  });
}

async function hiddenEvents(db: Db, projectId: number): Promise<string[]> {
  const entries = await db.lexiconEntry.findMany({
    where: { projectId, entity: 'event', hidden: true },
    select: { name: true },
  });
  return entries.map(({ name }) => name);
}

async function eventProperties(
  names: NamesService,
  request: Parameters<NamesService['names']>[0],
): Promise<string[]> {
  const { properties } = await names.names(request);
  return properties.flatMap(({ scope, name }) => (scope === 'event' ? [name] : []));
}
