import { executePlan } from '@arbor/engine/exec';
import type { Plan } from '@arbor/engine/plan';
import { answer } from '@arbor/engine/test/model/ask';
import type { World } from '@arbor/engine/test/model/world';
import { buildViews } from '@arbor/engine/test/model/build-views';
import type { LexiconEntry, SavedDefinition } from '@arbor/schema/definitions';
import type { SavedReport } from '@arbor/schema/saved-reports';
import type { LqsNames } from '@arbor/schema/lqs';
import type { FastifyInstance, LightMyRequestResponse } from 'fastify';
import Fastify from 'fastify';
import type { Authenticator } from '../../src/auth/authenticate.ts';
import { readAuthorization } from '../../src/auth/authorization-header.ts';
import type { Principal } from '../../src/auth/principal.ts';
import type { Definitions } from '../../src/definitions/ports.ts';
import type { ExportRequest, QueryService } from '../../src/dqs/ports.ts';
import { EngineError } from '@arbor/engine/errors';
import { ApiError } from '../../src/errors.ts';
import { mixpanelRoutes } from '../../src/mixpanel/routes.ts';
import { OpenRequests } from '../../src/open-requests.ts';
import type { ProjectRecord } from '../../src/projects/ports.ts';
import type { SavedReports } from '../../src/reports/ports.ts';
import type { Services } from '../../src/services.ts';
import type { UsersService } from '../../src/users/ports.ts';
import { silentLogger } from './silent-logger.ts';

/** The secret of project 1; as user of HTTP Basic without a password. */
export const secret = 'the-secret';

const project: ProjectRecord = {
  id: 1,
  organizationId: 10,
  organization: 'Org',
  name: 'Music',
  token: 'token',
  timezone: 'UTC',
  weekStart: 1,
  quarterStart: 1,
  allowedOrigins: [],
  spread: 1,
  isDemo: false,
  definitionsVersion: 0,
};

export interface MixpanelApp {
  readonly app: FastifyInstance;
  /** What was asked to be exported. */
  readonly exported: readonly ExportRequest[];
  /** The answer's status and JSON, as the owner of the secret. Parameters go into the query string. */
  readonly get: (
    path: string,
    parameters?: Readonly<Record<string, string>>,
  ) => Promise<{ readonly status: number; readonly body: unknown }>;
  /** The same with a JSON body. */
  readonly post: (
    path: string,
    payload: object,
  ) => Promise<{ readonly status: number; readonly body: unknown }>;
}

/** Mixpanel's paths over the real engine and a world in memory; callers are made up. */
export function mixpanelApp(
  world: World,
  options: {
    readonly nowMs: number;
    readonly lexicon?: readonly LexiconEntry[];
    readonly cohorts?: readonly SavedDefinition<'cohort'>[];
    readonly reports?: readonly SavedReport[];
    /** Profiles of groups, by `groupUser`. */
    readonly groups?: World['people'];
    /** What an export gives: chunks, or what goes wrong instead of one. */
    readonly lines?: readonly (string | Error)[];
  },
): MixpanelApp {
  const { nowMs, lexicon = [], cohorts = [], groups = {} } = options;
  const groupWorld: World = { events: [], people: groups };
  const asked: ExportRequest[] = [];
  const app = Fastify();
  const services: Partial<Services> = {
    projects: {
      byId: (id) => Promise.resolve(id === 1 ? project : null),
      byToken: () => Promise.resolve(null),
      hasOthers: () => Promise.resolve(false),
      organizations: () => Promise.resolve([]),
      list: (organizationIds) => Promise.resolve(organizationIds.includes(10) ? [project] : []),
      create: () => Promise.reject(new Error('nothing is made here')),
      change: () => Promise.resolve(null),
      rotateSecret: () => Promise.resolve(null),
    },
    queries: queriesOver(world, groupWorld, nowMs),
    names: { names: () => Promise.resolve(namesIn(world)) },
    definitions: {
      lexicon: () => Promise.resolve([...lexicon]),
      list: () => Promise.resolve([...cohorts]),
      get: (_project: unknown, _kind: unknown, id: string) => {
        const found = cohorts.find((cohort) => cohort.id === id);
        if (found !== undefined) return Promise.resolve(found);
        return Promise.reject(new ApiError('NOT_FOUND', `there is no cohort "${id}"`));
      },
    } as Partial<Definitions> as Definitions,
    savedReports: reportsIn(options.reports ?? []) as SavedReports,
    users: usersIn(world, groupWorld) as UsersService,
    exports: {
      lines: (request) => {
        asked.push(request);
        return linesOf(options.lines ?? []);
      },
    },
    demo: false,
    requests: new OpenRequests(),
  };
  mixpanelRoutes(app, {
    // The others are not asked by what is tested here.
    services: services as Services,
    authenticator,
    trustedOrigins: [],
    zones: ['a'],
    logger: silentLogger,
    clock: () => nowMs,
  });
  return {
    app,
    exported: asked,
    get: async (path, parameters = {}) => {
      const response = await app.inject({
        url: `${path}?${new URLSearchParams(parameters).toString()}`,
        headers: { authorization: basicOf(secret) },
      });
      return answerOf(response);
    },
    post: async (path, payload) => {
      const headers = { authorization: basicOf(secret) };
      const response = await app.inject({ method: 'POST', url: path, headers, payload });
      return answerOf(response);
    },
  };
}

function answerOf(response: LightMyRequestResponse): { status: number; body: unknown } {
  const isJson = String(response.headers['content-type']).includes('json');
  return { status: response.statusCode, body: isJson ? response.json() : response.body };
}

export const basicOf = (user: string, password = ''): string =>
  `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;

function queriesOver(world: World, groupWorld: World, nowMs: number): QueryService {
  const ofUsers = buildViews(world, 3).map(withIds);
  const ofGroups = buildViews(groupWorld, 1).map(withIds);
  return {
    run: ({ query, project: { timezone, weekStart }, groups = false }) => {
      const views = groups ? ofGroups : ofUsers;
      try {
        const result = answer(query, { timezone, weekStart, nowMs }, (plan) =>
          views.map((view) => executePlan(withNames(plan, world), view)),
        );
        const info = { serverTimeMs: 0, rowsScanned: 0, shards: 1, zones: ['a'], timezone };
        return Promise.resolve({ result, info });
      } catch (error) {
        const isTheirs = error instanceof EngineError && error.code === 'INVALID_QUERY';
        return Promise.reject(isTheirs ? new ApiError('INVALID_QUERY', error.message) : error);
      }
    },
  };
}

/** Storage processes find out which properties listed events may have. */
function withNames(plan: Plan, { events }: World): Plan {
  if (plan.type !== 'list' || plan.chosen === null) return plan;
  const properties = [...new Set(events.flatMap((event) => Object.keys(event.properties)))];
  return { ...plan, chosen: { ...plan.chosen, properties } };
}

type ShardView = ReturnType<typeof buildViews>[number];

/** What stores know of users and events beside their properties. */
function withIds(view: ShardView): ShardView {
  const codes = Uint32Array.from(view.userIds, (id, user) => (id === '' ? 0 : user));
  const ids = { codes, values: view.userIds };
  const names = {
    codes: Uint32Array.from(view.events, (event) => event + 1),
    values: [null, ...view.eventNames],
  };
  return {
    ...view,
    eventProperty: (name) => (name === '$event_name' ? names : view.eventProperty(name)),
    personProperty: (name) => (name === '$distinct_id' ? ids : view.personProperty(name)),
  };
}

function reportsIn(reports: readonly SavedReport[]): Pick<SavedReports, 'list' | 'get'> {
  return {
    list: (_project, { archived }) =>
      Promise.resolve({ reports: reports.filter((one) => one.archived === archived), next: null }),
    get: (_project, id) => {
      const report = reports.find((one) => one.id === id);
      if (report !== undefined) return Promise.resolve(report);
      return Promise.reject(new ApiError('NOT_FOUND', `there is no saved report ${id}`));
    },
  };
}

/** Everybody has one identifier: his own id. */
function usersIn(world: World, groupWorld: World): Pick<UsersService, 'canonical' | 'profiles'> {
  const ids = new Set([...world.events.map(({ user }) => user), ...Object.keys(world.people)]);
  return {
    canonical: (_, identifiers) =>
      Promise.resolve(new Map(identifiers.filter((id) => ids.has(id)).map((id) => [id, id]))),
    profiles: ({ users, groups = false }) =>
      Promise.resolve(
        new Map(
          users.flatMap((user) => {
            const profile = (groups ? groupWorld : world).people[user];
            return profile === undefined ? [] : [[user, profile] as const];
          }),
        ),
      ),
  };
}

async function* linesOf(chunks: readonly (string | Error)[]): AsyncGenerator<Uint8Array> {
  for (const chunk of chunks) {
    await Promise.resolve();
    if (chunk instanceof Error) throw chunk;
    yield Buffer.from(chunk);
  }
}

function namesIn({ events }: World): LqsNames {
  const byName = new Map<string, number>();
  const byProperty = new Map<string, number>();
  for (const { event, properties } of events) {
    byName.set(event, (byName.get(event) ?? 0) + 1);
    for (const name of Object.keys(properties)) {
      byProperty.set(name, (byProperty.get(name) ?? 0) + 1);
    }
  }
  return {
    events: [...byName].map(([name, count]) => ({ name, count })),
    properties: [...byProperty].map(([name, count]) => ({
      scope: 'event' as const,
      name,
      types: [],
      count,
    })),
    values: [],
    persons: 0,
    users: 0,
  };
}

/** The secret, a service account of the project's organisation (`robot`) and one of another (`stranger`). */
const authenticator: Authenticator = {
  bySession: () => Promise.resolve({ type: 'guest' }),
  byRequest: (headers) => {
    const authorization = headers.get('authorization');
    if (authorization === null) return Promise.resolve({ type: 'guest' });
    const principal = principalOf(authorization);
    return principal
      ? Promise.resolve(principal)
      : Promise.reject(new ApiError('UNAUTHENTICATED', 'the credentials are not valid'));
  },
};

function principalOf(authorization: string): Principal | undefined {
  const { username, password } = readAuthorization(authorization) ?? {};
  if (username === secret && password === '') return { type: 'project_secret', projectId: 1 };
  if (password !== 'pw' || username === undefined) return undefined;
  const organizationId = username === 'robot' ? 10 : 20;
  return {
    type: 'service_account',
    username,
    organizationId,
    role: 'consumer',
    allProjects: true,
    projectRoles: new Map(),
  };
}
