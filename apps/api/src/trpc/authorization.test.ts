import type { DefinitionKind, DefinitionOf, SavedDefinition } from '@arbor/schema/definitions';
import { sessionSettingsSchema } from '@arbor/schema/definitions';
import type { Board } from '@arbor/schema/boards';
import type { SavedImport } from '@arbor/schema/imports';
import type { IngestionHealth } from '@arbor/schema/ingestion-health';
import type { LqsNames } from '@arbor/schema/lqs';
import { savedQuerySchema, type SavedReport } from '@arbor/schema/saved-reports';
import type { DataRequest } from '@arbor/schema/privacy';
import { TRPCError } from '@trpc/server';
import { expect, test } from 'vitest';
import { anyQuery } from '../../test/support/sum-engine.ts';
import type { Principal } from '../auth/principal.ts';
import type { Definitions } from '../definitions/ports.ts';
import type { IdentityService } from '../identity/ports.ts';
import { OpenRequests } from '../open-requests.ts';
import type { PrivacyService } from '../privacy/ports.ts';
import type { ProjectRecord } from '../projects/ports.ts';
import type { Members } from '../members/ports.ts';
import type { ServiceAccounts } from '../service-accounts/ports.ts';
import type { Services } from '../services.ts';
import { appRouter } from './router.ts';

/*
 * Who may call what. The table must name every procedure of the router, so a new one cannot be
 * forgotten here; each is tried by every kind of principal on one's own, a foreign, the demo and a
 * missing project.
 */

const projectOf = (id: number, organizationId: number, isDemo = false): ProjectRecord => ({
  id,
  organizationId,
  organization: `org ${organizationId}`,
  name: `project ${id}`,
  token: `token ${id}`,
  timezone: 'UTC',
  weekStart: 1,
  quarterStart: 1,
  allowedOrigins: [],
  spread: 1,
  isDemo,
  definitionsVersion: 0,
});
const own = 1;
const foreign = 2;
const demo = 1000;
const missing = 404;
const stored = [projectOf(own, 10), projectOf(foreign, 20), projectOf(demo, 30, true)];

const user = { id: 'u', name: 'Anna', email: 'anna@example.com' };
const member = (role: 'owner' | 'admin' | 'analyst' | 'consumer'): Principal => ({
  type: 'user',
  user,
  memberships: [{ organizationId: 10, role }],
});
const principals = {
  guest: { type: 'guest' },
  owner: member('owner'),
  admin: member('admin'),
  analyst: member('analyst'),
  consumer: member('consumer'),
  stranger: { type: 'user', user, memberships: [] },
  serviceAccount: {
    type: 'service_account',
    username: 'robot',
    organizationId: 10,
    role: 'analyst',
    allProjects: true,
    projectRoles: new Map(),
  },
  adminAccount: {
    type: 'service_account',
    username: 'cli',
    organizationId: 10,
    role: 'admin',
    allProjects: true,
    projectRoles: new Map(),
  },
  /** An admin of another project of the organisation, who opens nothing else. */
  limitedAccount: {
    type: 'service_account',
    username: 'one',
    organizationId: 10,
    role: 'admin',
    allProjects: false,
    projectRoles: new Map([[3, 'admin' as const]]),
  },
  projectSecret: { type: 'project_secret', projectId: own },
} as const satisfies Record<string, Principal>;
type Who = keyof typeof principals;
const everybody = Object.keys(principals) as Who[];

const names: LqsNames = { events: [], properties: [], values: [], persons: 0, users: 0 };
const answer = {
  result: { type: 'insights' as const, buckets: [], series: [], segmentCounts: [] },
  info: { serverTimeMs: 0, rowsScanned: 0, shards: 0, zones: [], timezone: 'UTC' },
};

const saved = <K extends DefinitionKind>(definition: DefinitionOf<K>): SavedDefinition<K> => ({
  id: 'x',
  name: 'X',
  description: '',
  definition,
  uploaded: null,
  createdBy: '',
  createdAt: '',
  updatedAt: '',
  archived: false,
});
const sessions = sessionSettingsSchema.parse({});
const customEvent = { matches: [{ event: 'A', filters: [] }] };

function definitionsWith(touched: number[]): Definitions {
  // Whatever the kind, only who gets here is looked at.
  const one = (project: { id: number }): Promise<never> => {
    touched.push(project.id);
    return Promise.resolve(saved(customEvent) as never);
  };
  return {
    list: (project) => (touched.push(project.id), Promise.resolve([])),
    get: one,
    create: one,
    change: one,
    upload: one,
    addMembers: one,
    members: async function* (project) {
      touched.push(project.id);
      yield* [];
    },
    lexicon: (project) => (touched.push(project.id), Promise.resolve([])),
    setLexicon: (project, _entity, entry) => (touched.push(project.id), Promise.resolve(entry)),
    forgetLexicon: (project) => (touched.push(project.id), Promise.resolve()),
    sessions: (project) => (touched.push(project.id), Promise.resolve(sessions)),
    setSessions: (project) => (touched.push(project.id), Promise.resolve(sessions)),
  };
}

const nobody = {
  user: 'u',
  displayName: 'u',
  properties: null,
  firstSeenMs: null,
  lastSeenMs: null,
  eventCount: 0,
  sessionCount: 0,
  events: [],
  devices: [],
  days: [],
};

function identityWith(touched: number[]): IdentityService {
  const after =
    <T>(answer: T) =>
    ({ id }: { id: number }): Promise<T> => (touched.push(id), Promise.resolve(answer));
  return {
    userOf: after({ canonical: 'u', identifiers: [], full: false }),
    log: after({ links: [], next: null }),
    refusals: after({ refusals: [] }),
    merge: after({ done: true }),
    preview: after({ stays: { canonical: 'u', identifiers: [] }, leaves: null }),
    undo: after({ done: true }),
    settings: after({ mode: 'simplified' as const }),
    setSettings: after({ mode: 'simplified' as const }),
  };
}

function privacyWith(touched: number[]): PrivacyService {
  const after =
    <T>(answer: T) =>
    ({ id }: { id: number }): Promise<T> => (touched.push(id), Promise.resolve(answer));
  const request: DataRequest = {
    id: 'r',
    kind: 'erasure',
    complianceType: 'GDPR',
    disclosureType: 'Data',
    status: 'PENDING',
    distinctIds: null,
    distinctIdCount: 1,
    requestedBy: '',
    createdAt: '',
    startedAt: null,
    endedAt: null,
    startsAt: null,
    progress: null,
    reason: null,
    receipt: null,
    link: null,
  };
  const settings = { retentionDays: null, acceptsErased: true };
  return {
    create: after(request),
    get: after(request),
    list: after({ requests: [], next: null }),
    cancel: after(request),
    download: () => Promise.reject(new Error('no procedure downloads')),
    settings: after(settings),
    setSettings: after(settings),
  };
}

const account = {
  id: 1,
  username: 'a',
  role: 'analyst' as const,
  allProjects: true,
  projects: [],
  createdBy: null,
  createdAt: new Date(0),
  expiresAt: null,
  expired: false,
  lastUsedAt: null,
};

function membersWith(touched: number[]): Members {
  const after =
    <T>(answer: T) =>
    ({ id }: { id: number }): Promise<T> => (touched.push(id), Promise.resolve(answer));
  const member = { id: 'u', name: 'U', email: 'u@example.com', role: 'analyst' as const };
  const invitation = {
    id: 1,
    role: 'analyst' as const,
    email: null,
    createdBy: 'a',
    createdAt: new Date(0),
    expiresAt: new Date(0),
  };
  return {
    list: after({ members: [], invitations: [] }),
    change: after({ ...member, joinedAt: new Date(0) }),
    remove: after(undefined),
    invite: after({ invitation, token: 't' }),
    withdraw: after(undefined),
    offered: () => Promise.reject(new Error('no link is opened here')),
    join: () => Promise.reject(new Error('no link is used here')),
  };
}

function serviceAccountsWith(touched: number[]): ServiceAccounts {
  const after =
    <T>(answer: T) =>
    ({ id }: { id: number }): Promise<T> => (touched.push(id), Promise.resolve(answer));
  return {
    list: after({ serviceAccounts: [], next: null }),
    get: after(account),
    ofProject: after([]),
    create: after({ serviceAccount: account, secret: 's' }),
    change: after(account),
    rotate: after({ serviceAccount: account, secret: 's' }),
    remove: after(undefined),
    addToProjects: after(undefined),
    removeFromProjects: after(undefined),
  };
}

const annotation = { id: 1, projectId: 1, date: '', description: '', createdBy: '', tags: [] };

const savedFields = {
  id: 1,
  version: 1,
  createdBy: '',
  updatedBy: '',
  createdAt: '',
  updatedAt: '',
  archived: false,
};
const savedReport: SavedReport = {
  ...savedFields,
  name: 'R',
  description: '',
  type: 'insights',
  query: savedQuerySchema.parse(anyQuery),
  range: null,
  view: {},
};
const board: Board = {
  ...savedFields,
  title: 'B',
  description: '',
  cardCount: 0,
  pinned: false,
  cards: [],
};

const savedImport: SavedImport = {
  id: 1,
  fileName: 'f',
  fileBytes: 0,
  fingerprint: '',
  mapping: { type: 'events' },
  state: 'open',
  nextRow: 0,
  accepted: 0,
  refused: 0,
  reasons: [],
  createdBy: '',
  createdAt: '',
  updatedAt: '',
};
const ingestHealth: IngestionHealth = {
  span: 'hour',
  checkedAt: 0,
  buckets: [],
  sources: [],
  refusals: [],
  lost: [],
  lastMs: null,
  lanes: [],
  zones: [],
  deadLetters: 0,
};

/** Remembers which projects were touched behind the gate. */
function servicesWith(touched: number[], demoOn: boolean): Services {
  return {
    projects: {
      byId: (id) => Promise.resolve(stored.find((project) => project.id === id) ?? null),
      byToken: () => Promise.resolve(null),
      hasOthers: () => Promise.resolve(false),
      organizations: (ids) => Promise.resolve(ids.map((id) => ({ id, name: `org ${id}` }))),
      list: (ids, withDemo) =>
        Promise.resolve(
          stored.filter((each) => ids.includes(each.organizationId) || (withDemo && each.isDemo)),
        ),
      create: ({ organizationId }) =>
        Promise.resolve({ project: projectOf(99, organizationId), secret: 's' }),
      change: (id) => (touched.push(id), Promise.resolve(projectOf(id, 10))),
      rotateSecret: (id) => (touched.push(id), Promise.resolve('s')),
    },
    queries: { run: ({ project }) => (touched.push(project.id), Promise.resolve(answer)) },
    names: { names: ({ project }) => (touched.push(project.id), Promise.resolve(names)) },
    annotations: {
      list: (id) => (touched.push(id), Promise.resolve([])),
      get: (id) => (touched.push(id), Promise.resolve(annotation)),
      create: (id) => (touched.push(id), Promise.resolve(annotation)),
      change: (id) => (touched.push(id), Promise.resolve(annotation)),
      remove: (id) => (touched.push(id), Promise.resolve()),
      tags: (id) => (touched.push(id), Promise.resolve([])),
      tag: (id, name) => (touched.push(id), Promise.resolve({ id: 1, name })),
    },
    savedReports: {
      list: (id) => (touched.push(id), Promise.resolve({ reports: [], next: null })),
      get: (id) => (touched.push(id), Promise.resolve(savedReport)),
      create: (id) => (touched.push(id), Promise.resolve(savedReport)),
      change: (id) => (touched.push(id), Promise.resolve(savedReport)),
    },
    boards: {
      list: (id) => (touched.push(id), Promise.resolve({ boards: [], next: null })),
      get: (id) => (touched.push(id), Promise.resolve(board)),
      create: (id) => (touched.push(id), Promise.resolve(board)),
      change: (id) => (touched.push(id), Promise.resolve(board)),
    },
    schemas: {
      list: (id) => (touched.push(id), Promise.resolve([])),
      write: (id) => (touched.push(id), Promise.resolve({ added: 0, deleted: 0 })),
      remove: (id) => (touched.push(id), Promise.resolve(0)),
    },
    exports: {
      lines: async function* ({ project }) {
        touched.push(project.id);
        yield* [];
      },
    },
    live: {
      recent: (project) => (touched.push(project), Promise.resolve([])),
      follow: async function* (project) {
        touched.push(project);
        yield* [];
      },
    },
    definitions: definitionsWith(touched),
    audit: {
      list: (id) => (touched.push(id), Promise.resolve({ entries: [], next: null })),
      listOfOrganization: (id) => (touched.push(id), Promise.resolve({ entries: [], next: null })),
    },
    serviceAccounts: serviceAccountsWith(touched),
    members: membersWith(touched),
    users: {
      list: ({ project }) => (
        touched.push(project.id),
        Promise.resolve({ type: 'users', total: 0, users: [], next: null })
      ),
      export: async function* ({ project }) {
        touched.push(project.id);
        yield* [];
      },
      importPeople: ({ project }) => (
        touched.push(project.id),
        Promise.resolve({ rows: 0, refused: 0, problems: [] })
      ),
      profile: ({ project }) => (touched.push(project.id), Promise.resolve(nobody)),
      near: ({ project }) => (touched.push(project.id), Promise.resolve([])),
      cohorts: ({ project }) => (
        touched.push(project.id),
        Promise.resolve({ cohorts: [], more: false })
      ),
      canonical: ({ id }) => (touched.push(id), Promise.resolve(new Map())),
      profiles: ({ project }) => (touched.push(project.id), Promise.resolve(new Map())),
      activity: ({ project }) => (
        touched.push(project.id),
        Promise.resolve({ events: [], next: null })
      ),
      edit: ({ project }) => (touched.push(project.id), Promise.resolve()),
    },
    ingestHealth: {
      of: (id) => (touched.push(id), Promise.resolve(ingestHealth)),
      refused: (id) => (touched.push(id), Promise.resolve({ records: [], next: null })),
    },
    imports: {
      list: (id) => (touched.push(id), Promise.resolve({ imports: [], next: null })),
      get: (id) => (touched.push(id), Promise.resolve(savedImport)),
      create: ({ id }) => (touched.push(id), Promise.resolve(savedImport)),
      check: ({ id }) => (touched.push(id), Promise.resolve([])),
      add: ({ id }) => (
        touched.push(id),
        Promise.resolve({ accepted: 0, refused: [], import: savedImport })
      ),
      setState: ({ id }) => (touched.push(id), Promise.resolve(savedImport)),
    },
    identity: identityWith(touched),
    privacy: privacyWith(touched),
    setup: {
      status: () => Promise.resolve({ ownerExists: true }),
      createOwner: () => Promise.resolve({ projectId: 1 }),
    },
    rateLimiter: { consume: () => Promise.resolve({ allowed: true, retryAfter: null }) },
    demo: demoOn,
    requests: new OpenRequests(),
  };
}

type Caller = ReturnType<typeof appRouter.createCaller>;

async function drain(stream: Promise<AsyncIterable<unknown>>): Promise<void> {
  for await (const _each of await stream);
}

/** Everything inside a project. */
const inProject: Record<string, (caller: Caller, projectId: number) => Promise<unknown>> = {
  'project.get': (caller, projectId) => caller.project.get({ projectId }),
  'names.events': (caller, projectId) => caller.names.events({ projectId }),
  'names.groups': (caller, projectId) => caller.names.groups({ projectId }),
  'names.properties': (caller, projectId) => caller.names.properties({ projectId }),
  'names.values': (caller, projectId) =>
    caller.names.values({ projectId, scope: 'event', name: 'plan' }),
  'query.run': (caller, projectId) => caller.query.run({ projectId, query: anyQuery }),
  'query.stream': (caller, projectId) => drain(caller.query.stream({ projectId, query: anyQuery })),
  'live.recent': (caller, projectId) => caller.live.recent({ projectId }),
  'live.entries': (caller, projectId) => drain(caller.live.entries({ projectId })),
  'cohorts.list': (caller, projectId) => caller.cohorts.list({ projectId }),
  'cohorts.get': (caller, projectId) => caller.cohorts.get({ projectId, id: 'x' }),
  'customEvents.list': (caller, projectId) => caller.customEvents.list({ projectId }),
  'customEvents.get': (caller, projectId) => caller.customEvents.get({ projectId, id: 'x' }),
  'customProperties.list': (caller, projectId) => caller.customProperties.list({ projectId }),
  'customProperties.get': (caller, projectId) =>
    caller.customProperties.get({ projectId, id: 'x' }),
  'lookupTables.list': (caller, projectId) => caller.lookupTables.list({ projectId }),
  'lookupTables.get': (caller, projectId) => caller.lookupTables.get({ projectId, id: 'x' }),
  'lexicon.list': (caller, projectId) => caller.lexicon.list({ projectId, entity: 'event' }),
  'savedReports.list': (caller, projectId) => caller.savedReports.list({ projectId }),
  'savedReports.get': (caller, projectId) => caller.savedReports.get({ projectId, id: 1 }),
  'boards.list': (caller, projectId) => caller.boards.list({ projectId }),
  'boards.get': (caller, projectId) => caller.boards.get({ projectId, id: 1 }),
  'ingestHealth.get': (caller, projectId) => caller.ingestHealth.get({ projectId }),
  'ingestHealth.refused': (caller, projectId) => caller.ingestHealth.refused({ projectId }),
  'imports.list': (caller, projectId) => caller.imports.list({ projectId }),
  'imports.get': (caller, projectId) => caller.imports.get({ projectId, id: 1 }),
  'sessionSettings.get': (caller, projectId) => caller.sessionSettings.get({ projectId }),
  'identity.user': (caller, projectId) => caller.identity.user({ projectId, identifier: 'u' }),
  'identity.log': (caller, projectId) => caller.identity.log({ projectId, identifier: 'u' }),
  'identity.refusals': (caller, projectId) => caller.identity.refusals({ projectId }),
  'identity.settings': (caller, projectId) => caller.identity.settings({ projectId }),
  'users.list': (caller, projectId) => caller.users.list({ projectId, users: {} }),
  'users.profile': (caller, projectId) => caller.users.profile({ projectId, identifier: 'u' }),
  'users.near': (caller, projectId) => caller.users.near({ projectId, identifier: 'u' }),
  'users.cohorts': (caller, projectId) => caller.users.cohorts({ projectId, identifier: 'u' }),
  'users.activity': (caller, projectId) =>
    caller.users.activity({ projectId, identifier: 'u', activity: {} }),
};

const name = 'New';
const change = { name };
const frozen = { type: 'frozen' as const };
const property = {
  scope: 'event' as const,
  name: 'a',
  computed: { type: 'formula' as const, expression: '1' },
};

/** What changes a project, and the least role for it. */
const changes: Record<
  string,
  readonly ['analyst' | 'admin', (caller: Caller, projectId: number) => Promise<unknown>]
> = {
  'cohorts.create': [
    'analyst',
    (caller, projectId) => caller.cohorts.create({ projectId, new: { name, definition: frozen } }),
  ],
  'cohorts.change': [
    'analyst',
    (caller, projectId) => caller.cohorts.change({ projectId, id: 'x', change }),
  ],
  'savedReports.create': [
    'analyst',
    (caller, projectId) =>
      caller.savedReports.create({
        projectId,
        report: { name, query: savedQuerySchema.parse(anyQuery) },
      }),
  ],
  'savedReports.change': [
    'analyst',
    (caller, projectId) =>
      caller.savedReports.change({ projectId, id: 1, change: { version: 1, name } }),
  ],
  'boards.create': [
    'analyst',
    (caller, projectId) => caller.boards.create({ projectId, board: { title: name } }),
  ],
  'boards.change': [
    'analyst',
    (caller, projectId) =>
      caller.boards.change({ projectId, id: 1, change: { version: 1, title: name } }),
  ],
  'customEvents.create': [
    'analyst',
    (caller, projectId) =>
      caller.customEvents.create({ projectId, new: { name, definition: customEvent } }),
  ],
  'customEvents.change': [
    'analyst',
    (caller, projectId) => caller.customEvents.change({ projectId, id: 'x', change }),
  ],
  'customProperties.create': [
    'analyst',
    (caller, projectId) =>
      caller.customProperties.create({ projectId, new: { name, definition: { property } } }),
  ],
  'customProperties.change': [
    'analyst',
    (caller, projectId) => caller.customProperties.change({ projectId, id: 'x', change }),
  ],
  'lookupTables.create': [
    'analyst',
    (caller, projectId) => caller.lookupTables.create({ projectId, new: { name, definition: {} } }),
  ],
  'lookupTables.change': [
    'analyst',
    (caller, projectId) => caller.lookupTables.change({ projectId, id: 'x', change }),
  ],
  'lexicon.set': [
    'admin',
    (caller, projectId) => caller.lexicon.set({ projectId, entity: 'event', entry: { name } }),
  ],
  'lexicon.forget': [
    'admin',
    (caller, projectId) => caller.lexicon.forget({ projectId, entity: 'event', name }),
  ],
  'identity.merge': [
    'admin',
    (caller, projectId) => caller.identity.merge({ projectId, one: 'a', other: 'b' }),
  ],
  'identity.preview': [
    'admin',
    (caller, projectId) => caller.identity.preview({ projectId, link: '1' }),
  ],
  'identity.undo': ['admin', (caller, projectId) => caller.identity.undo({ projectId, link: '1' })],
  'identity.setSettings': [
    'admin',
    (caller, projectId) =>
      caller.identity.setSettings({ projectId, settings: { mode: 'original' } }),
  ],
  'privacy.requests': ['admin', (caller, projectId) => caller.privacy.requests({ projectId })],
  'privacy.request': [
    'admin',
    (caller, projectId) => caller.privacy.request({ projectId, id: 'r' }),
  ],
  'privacy.create': [
    'admin',
    (caller, projectId) =>
      caller.privacy.create({ projectId, request: { kind: 'erasure', distinctIds: ['u'] } }),
  ],
  'privacy.cancel': ['admin', (caller, projectId) => caller.privacy.cancel({ projectId, id: 'r' })],
  'privacy.settings': ['admin', (caller, projectId) => caller.privacy.settings({ projectId })],
  'privacy.setSettings': [
    'admin',
    (caller, projectId) =>
      caller.privacy.setSettings({
        projectId,
        settings: { retentionDays: 30, acceptsErased: false },
      }),
  ],
  'users.edit': [
    'admin',
    (caller, projectId) =>
      caller.users.edit({ projectId, identifier: 'u', edits: [{ operator: '$delete' }] }),
  ],
  'imports.check': [
    'admin',
    (caller, projectId) => caller.imports.check({ projectId, rows: [{ line: 1, json: '{}' }] }),
  ],
  'imports.create': [
    'admin',
    (caller, projectId) =>
      caller.imports.create({
        projectId,
        import: {
          fileName: 'f',
          fileBytes: 1,
          fingerprint: '0'.repeat(64),
          mapping: { type: 'events' },
        },
      }),
  ],
  'imports.add': [
    'admin',
    (caller, projectId) =>
      caller.imports.add({
        projectId,
        id: 1,
        rows: { from: 0, rows: [{ line: 1, json: '{}' }] },
      }),
  ],
  'imports.setState': [
    'admin',
    (caller, projectId) => caller.imports.setState({ projectId, id: 1, state: 'done' }),
  ],
  'serviceAccounts.ofProject': [
    'admin',
    (caller, projectId) => caller.serviceAccounts.ofProject({ projectId }),
  ],
  'project.change': [
    'admin',
    (caller, projectId) => caller.project.change({ projectId, change: { name } }),
  ],
  'project.rotateSecret': [
    'admin',
    (caller, projectId) => caller.project.rotateSecret({ projectId }),
  ],
  'sessionSettings.set': [
    'admin',
    (caller, projectId) => caller.sessionSettings.set({ projectId, settings: {} }),
  ],
};

/** What is managed in an organisation: for its owners and admins. */
const inOrganization: Record<string, (caller: Caller, organizationId: number) => Promise<unknown>> =
  {
    'organizations.audit': (caller, organizationId) =>
      caller.organizations.audit({ organizationId }),
    'members.list': (caller, organizationId) => caller.members.list({ organizationId }),
    'members.change': (caller, organizationId) =>
      caller.members.change({ organizationId, id: 'u', role: 'analyst' }),
    'members.remove': (caller, organizationId) =>
      caller.members.remove({ organizationId, id: 'u' }),
    'members.invite': (caller, organizationId) =>
      caller.members.invite({ organizationId, invitation: { role: 'analyst' } }),
    'members.withdraw': (caller, organizationId) =>
      caller.members.withdraw({ organizationId, id: 1 }),
    'serviceAccounts.list': (caller, organizationId) =>
      caller.serviceAccounts.list({ organizationId }),
    'serviceAccounts.get': (caller, organizationId) =>
      caller.serviceAccounts.get({ organizationId, id: 1 }),
    'serviceAccounts.create': (caller, organizationId) =>
      caller.serviceAccounts.create({ organizationId, account: { username: 'a' } }),
    'serviceAccounts.change': (caller, organizationId) =>
      caller.serviceAccounts.change({ organizationId, id: 1, change: { role: 'consumer' } }),
    'serviceAccounts.rotate': (caller, organizationId) =>
      caller.serviceAccounts.rotate({ organizationId, id: 1 }),
    'serviceAccounts.remove': (caller, organizationId) =>
      caller.serviceAccounts.remove({ organizationId, id: 1 }),
  };

/** What is open to everybody, or decided by the organisation. */
const outside = [
  'session.me',
  'setup.status',
  'setup.createOwner',
  'project.create',
  'organizations.list',
  'invitations.offered',
  'invitations.join',
];

const caller = (who: Who, demoOn = true): { call: Caller; touched: number[] } => {
  const touched: number[] = [];
  const call = appRouter.createCaller({
    principal: principals[who],
    services: servicesWith(touched, demoOn),
    clientAddress: '192.0.2.1',
    charge: () => undefined,
  });
  return { call, touched };
};

test('the table names every procedure of the router', () => {
  expect(Object.keys(appRouter._def.procedures).sort()).toEqual(
    [
      ...Object.keys(inProject),
      ...Object.keys(changes),
      ...Object.keys(inOrganization),
      ...outside,
    ].sort(),
  );
});

const readers: Record<number, readonly Who[]> = {
  [own]: [
    'owner',
    'admin',
    'analyst',
    'consumer',
    'serviceAccount',
    'adminAccount',
    'projectSecret',
  ],
  [foreign]: [],
  [demo]: ['guest', 'owner', 'admin', 'analyst', 'consumer', 'stranger'],
  [missing]: [],
};

/** What a call came to, in one word or two, so that all of them compare as one table. */
async function outcomeOf(running: Promise<unknown>): Promise<string> {
  return running.then(
    () => 'answered',
    (error: unknown) =>
      error instanceof TRPCError ? `${error.code}: ${error.message}` : String(error),
  );
}

async function table(tryAs: (who: Who) => Promise<string>): Promise<Record<string, string>> {
  const rows = everybody.map(async (who) => [who, await tryAs(who)] as const);
  return Object.fromEntries(await Promise.all(rows));
}

const expectedTable = (of: (who: Who) => string): Record<string, string> =>
  Object.fromEntries(everybody.map((who) => [who, of(who)]));

for (const [name, invoke] of Object.entries(inProject)) {
  for (const projectId of [own, foreign, demo, missing]) {
    test(`${name} of project ${projectId} is for exactly those who may read it`, async () => {
      const outcomes = await table(async (who) => {
        const { call, touched } = caller(who);
        const outcome = await outcomeOf(invoke(call, projectId));
        return outcome === 'answered' || touched.length === 0 ? outcome : 'refused too late';
      });
      const refused = `NOT_FOUND: project ${projectId} does not exist`;
      expect(outcomes).toEqual(
        expectedTable((who) => (readers[projectId]?.includes(who) ? 'answered' : refused)),
      );
    });
  }
}

for (const [procedure, [least, invoke]] of Object.entries(changes)) {
  test(`${procedure} is for exactly those who may change it`, async () => {
    const outcomes = await table(async (who) => {
      const { call, touched } = caller(who);
      const outcome = await outcomeOf(invoke(call, own));
      return outcome === 'answered' || touched.length === 0 ? outcome : 'refused too late';
    });
    const weaker = least === 'admin' ? ['serviceAccount', 'projectSecret', 'analyst'] : [];
    const refused = (role: string): string =>
      `FORBIDDEN: this needs the role "${least}" in project ${own}; yours is "${role}"`;
    expect(outcomes).toEqual(
      expectedTable((who) => {
        if (!readers[own]?.includes(who)) return `NOT_FOUND: project ${own} does not exist`;
        if (who === 'consumer') return refused('consumer');
        return weaker.includes(who) ? refused('analyst') : 'answered';
      }),
    );
    expect(await outcomeOf(invoke(caller('owner').call, foreign))).toBe(
      `NOT_FOUND: project ${foreign} does not exist`,
    );
  });
}

for (const [procedure, invoke] of Object.entries(inOrganization)) {
  test(`${procedure} is for exactly those who manage the organisation`, async () => {
    const of = (organizationId: number) =>
      table(async (who) => {
        const { call, touched } = caller(who);
        const outcome = await outcomeOf(invoke(call, organizationId));
        return outcome === 'answered' || touched.length === 0 ? outcome : 'refused too late';
      });
    const roleOf: Partial<Record<Who, string>> = {
      analyst: 'analyst',
      consumer: 'consumer',
      serviceAccount: 'analyst',
      // As an admin of one project he is nobody in the organisation.
      limitedAccount: 'consumer',
    };
    expect(await of(10)).toEqual(
      expectedTable((who) => {
        if (who === 'owner' || who === 'admin' || who === 'adminAccount') return 'answered';
        const role = roleOf[who];
        return role === undefined
          ? 'NOT_FOUND: organization 10 does not exist'
          : `FORBIDDEN: this needs the role "admin" in organization 10; yours is "${role}"`;
      }),
    );
    expect(await of(20)).toEqual(expectedTable(() => 'NOT_FOUND: organization 20 does not exist'));
  });
}

test('organizations.list names what somebody belongs to', async () => {
  const listOf = async (who: Who) => (await caller(who).call.organizations.list()).organizations;
  expect(await listOf('admin')).toEqual([{ id: 10, name: 'org 10', role: 'admin' }]);
  expect(await listOf('limitedAccount')).toEqual([{ id: 10, name: 'org 10', role: 'consumer' }]);
  expect(await listOf('projectSecret')).toEqual([]);
  expect(await listOf('guest')).toEqual([]);
});

test('nobody without membership reads the demo project when the demo is off', async () => {
  for (const who of everybody) {
    await expect(caller(who, false).call.project.get({ projectId: demo })).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
  }
});

test('session.me lists one’s own projects, and the demo to people', async () => {
  const projectsOf = async (who: Who, demoOn = true) =>
    (await caller(who, demoOn).call.session.me()).projects.map(({ id, role }) => [id, role]);
  expect(await projectsOf('admin')).toEqual([
    [own, 'admin'],
    [demo, 'consumer'],
  ]);
  expect(await projectsOf('guest')).toEqual([[demo, 'consumer']]);
  expect(await projectsOf('guest', false)).toEqual([]);
  expect(await caller('guest').call.session.me()).toMatchObject({ user: null, guest: true });
  expect(await caller('owner').call.session.me()).toMatchObject({ user, guest: false });
});

test('project.create is for owners and admins, in their own organisation', async () => {
  const outcomes = await table((who) =>
    outcomeOf(caller(who).call.project.create({ name: 'New' })),
  );
  const refused = 'FORBIDDEN: creating a project needs the role "owner" or "admin"';
  expect(outcomes).toEqual({
    ...expectedTable(() => refused),
    guest: 'UNAUTHORIZED: a project is created by who is signed in',
    owner: 'answered',
    admin: 'answered',
    adminAccount: 'answered',
  });
  await expect(
    caller('owner').call.project.create({ name: 'New', organizationId: 20 }),
  ).rejects.toMatchObject({ code: 'NOT_FOUND' });
});

test('bad input is told with its place before anything is looked up', async () => {
  const { call, touched } = caller('owner');
  const query = { ...anyQuery, range: { from: 'yesterday', to: '2024-01-01' } };
  await expect(call.query.run({ projectId: own, query })).rejects.toMatchObject({
    code: 'BAD_REQUEST',
  });
  await expect(call.project.get({ projectId: 2 ** 40 })).rejects.toMatchObject({
    code: 'BAD_REQUEST',
  });
  expect(touched).toEqual([]);
});
