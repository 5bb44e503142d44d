import { roles } from '@arbor/db/roles';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { AuthorizedOrganization } from '../../auth/authorize-organization.ts';
import { authorizeOrganization } from '../../auth/authorize-organization.ts';
import type { Principal } from '../../auth/principal.ts';
import { ApiError } from '../../errors.ts';
import { isProjectId } from '../../projects/project-fields.ts';
import { principalOf, type RestDeps } from '../../rest/rest-request.ts';
import type {
  ProjectAccountView,
  SecretOfAccount,
  ServiceAccountView,
  ServiceAccounts,
} from '../../service-accounts/ports.ts';
import {
  accountIdSchema,
  newServiceAccountSchema,
  organizationIdSchema,
} from '../../service-accounts/service-account-input.ts';
import type { Endpoint } from '../endpoint.ts';
import { type Parameters, readParameters } from '../parameters.ts';

/* Service accounts in Mixpanel's words (`query-api.md` 18), over the same accounts as our own API. */

const base = '/organizations/:organization/service-accounts';
const pathSchema = z.object({ organization: z.coerce.number().pipe(organizationIdSchema) });
const accountPathSchema = z.object({ account: z.coerce.number().pipe(accountIdSchema) });

/** Who opens one project. */
export function projectAccountEndpoint(serviceAccounts: ServiceAccounts): Endpoint {
  return {
    path: '/projects/:project/service-accounts',
    methods: ['GET'],
    needed: 'admin',
    handle: async ({ project }) => ok((await serviceAccounts.ofProject(project)).map(useOf)),
  };
}

interface AskedOfOrganization {
  readonly organization: AuthorizedOrganization;
  readonly by: Principal;
  readonly parameters: Parameters;
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
}

/** About an organisation and no project, so they stand beside the endpoints of projects. */
export function serviceAccountRoutes(scope: FastifyInstance, prefix: string, deps: RestDeps): void {
  const { serviceAccounts } = deps.services;
  const add = (
    method: 'GET' | 'POST' | 'DELETE',
    path: string,
    handle: (asked: AskedOfOrganization) => unknown,
  ): void => {
    const handler = async (request: FastifyRequest, reply: FastifyReply): Promise<unknown> => {
      const parameters = await readParameters(request);
      return handle({ ...(await gate(request, deps)), parameters, request, reply });
    };
    for (const url of [`${prefix}${path}`, `${prefix}${path}/`]) {
      scope.route({ method, url, handler });
    }
  };

  add('GET', base, async ({ organization }) => ok(await allOf(serviceAccounts, organization)));
  add('POST', base, async ({ organization, by, parameters, reply }) => {
    const made = await serviceAccounts.create(organization, newAccountOf(parameters), by);
    void reply.code(201);
    return ok(withToken(made));
  });
  add('GET', `${base}/:account`, async ({ organization, request }) =>
    ok(shownOf(await serviceAccounts.get(organization, accountOf(request)))),
  );
  add('DELETE', `${base}/:account`, async ({ organization, by, request }) => {
    const id = accountOf(request);
    await serviceAccounts.remove(organization, id, by);
    return ok({ id });
  });
  membershipRoutes(add, serviceAccounts);
}

function membershipRoutes(
  add: (
    method: 'POST',
    path: string,
    handle: (asked: AskedOfOrganization) => Promise<unknown>,
  ) => void,
  serviceAccounts: ServiceAccounts,
): void {
  add('POST', `${base}/add-to-project`, async ({ organization, by, parameters }) => {
    const accounts = accountsIn(parameters);
    const projects = projectsIn(parameters) ?? parameters.refuse('projects', 'is missing');
    const given = projects.map(({ id, role = parameters.refuse('projects', noRole) }) => ({
      id,
      role,
    }));
    await serviceAccounts.addToProjects(organization, { accounts, projects: given }, by);
    return ok({ service_account_ids: accounts, projects: given });
  });
  add('POST', `${base}/remove-from-project`, async ({ organization, by, parameters }) => {
    const accounts = accountsIn(parameters);
    const wanted = projectsIn(parameters) ?? parameters.refuse('projects', 'is missing');
    const projects = wanted.map(({ id }) => id);
    await serviceAccounts.removeFromProjects(organization, { accounts, projects }, by);
    return ok({ service_account_ids: accounts, projects: projects.map((id) => ({ id })) });
  });
}

const noRole = `needs a role for each, one of ${roles.join(', ')}`;

/** 401 without credentials, 403 for those that do not open this organisation: these clients know no 404 here. */
async function gate(
  request: FastifyRequest,
  deps: RestDeps,
): Promise<Pick<AskedOfOrganization, 'organization' | 'by'>> {
  const by = await principalOf(request, deps);
  if (by.type === 'guest') throw new ApiError('UNAUTHENTICATED', 'this needs credentials');
  const { organization: id } = pathSchema.parse(request.params);
  try {
    return { organization: authorizeOrganization(by, id, 'admin'), by };
  } catch (error) {
    if (!(error instanceof ApiError) || error.code !== 'NOT_FOUND') throw error;
    const text = `these credentials do not open organization ${id}`;
    throw new ApiError('FORBIDDEN', text, { cause: error });
  }
}

const accountOf = ({ params }: FastifyRequest): number => accountPathSchema.parse(params).account;

/** A project without a role of its own gets that of the account; without `projects` it opens all. */
function newAccountOf(parameters: Parameters): z.infer<typeof newServiceAccountSchema> {
  const role = parameters.choice('role', roles) ?? 'analyst';
  const projects = projectsIn(parameters)?.map((one) => ({ id: one.id, role: one.role ?? role }));
  return newServiceAccountSchema.parse({
    username: parameters.required('username'),
    role,
    expiresAt: expiryIn(parameters),
    projects: projects ?? null,
  });
}

/** An instant, or a day of UTC. */
function expiryIn(parameters: Parameters): string | null {
  const text = parameters.text('expires');
  if (text === undefined) return null;
  const isInstant = /^\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?)?$/;
  const zoned = /(Z|[+-]\d{2}:?\d{2})$/.test(text.slice(10)) ? text : `${withTime(text)}Z`;
  const at = new Date(zoned.replace(' ', 'T'));
  if (isInstant.test(text) && !Number.isNaN(at.getTime())) return at.toISOString();
  return parameters.refuse(
    'expires',
    `must be an instant such as 2027-01-31T12:00:00Z, not "${text}"`,
  );
}

const withTime = (text: string): string => (text.length === 10 ? `${text}T00:00:00` : text);

const projectsSchema = z
  .array(z.object({ id: z.coerce.number().refine(isProjectId), role: z.enum(roles).optional() }))
  .max(1000)
  .refine((projects) => new Set(projects.map(({ id }) => id)).size === projects.length);

function projectsIn(parameters: Parameters): z.infer<typeof projectsSchema> | undefined {
  const given = parameters.json('projects');
  if (given === undefined) return undefined;
  const read = projectsSchema.safeParse(given);
  if (read.success) return read.data;
  return parameters.refuse(
    'projects',
    `must be a list such as [{"id":1,"role":"analyst"}], each project once, with roles of ${roles.join(', ')}`,
  );
}

function accountsIn(parameters: Parameters): number[] {
  const read = z.array(z.coerce.number().pipe(accountIdSchema)).min(1).max(1000);
  const ids = read.safeParse(parameters.json('service_account_ids'));
  if (ids.success) return ids.data;
  return parameters.refuse('service_account_ids', 'must be a list of numbers, such as [12]');
}

async function allOf(
  serviceAccounts: ServiceAccounts,
  organization: AuthorizedOrganization,
): Promise<object[]> {
  const all: object[] = [];
  let cursor: string | undefined;
  do {
    const page = await serviceAccounts.list(organization, { limit: 1000, cursor });
    all.push(...page.serviceAccounts.map(shownOf));
    cursor = page.next ?? undefined;
  } while (cursor !== undefined);
  return all;
}

const ok = (results: unknown) => ({ status: 'ok', results });

function useOf(account: ProjectAccountView): object {
  const { id, username, role, expiresAt, lastUsedAt, createdAt, createdBy } = account;
  return {
    id,
    username,
    role,
    expires: expiresAt,
    last_used: lastUsedAt,
    created: createdAt,
    // In words: who made it may be no person with a number.
    creator: createdBy,
    user: id,
  };
}

function shownOf(account: ServiceAccountView): object {
  const projects = account.projects.map(({ id, name, role }) => ({ id, name, role }));
  return { ...useOf(account), projects, all_projects: account.allProjects };
}

function withToken({ serviceAccount, secret }: SecretOfAccount): object {
  return { ...shownOf(serviceAccount), token: secret };
}
