import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { AuthorizedOrganization } from '../auth/authorize-organization.ts';
import { authorizeOrganization } from '../auth/authorize-organization.ts';
import type { Principal } from '../auth/principal.ts';
import { ApiError } from '../errors.ts';
import { organizationsOf } from '../projects/organizations-of.ts';
import {
  accountIdSchema,
  newServiceAccountSchema,
  organizationIdSchema,
  serviceAccountChangeSchema,
  serviceAccountPageSchema,
} from '../service-accounts/service-account-input.ts';
import { auditPageSchema } from './audit-routes.ts';
import type { RestDeps } from './rest-request.ts';
import { authorizeFor, principalOf, projectIdSchema } from './rest-request.ts';

const organizationParameters = z.object({
  organization: z.coerce.number().pipe(organizationIdSchema),
});
const accountParameters = z.object({ account: z.coerce.number().pipe(accountIdSchema) });
const projectParameters = z.object({ id: projectIdSchema });

const base = '/api/v1/organizations/:organization';
const accountsUrl = `${base}/service-accounts`;

/** Organisations, and the credentials of scripts in them: for those who manage them. */
export function organizationRoutes(app: FastifyInstance, deps: RestDeps): void {
  app.get('/api/v1/organizations', async (request) => {
    const principal = await principalOf(request, deps);
    return { organizations: await organizationsOf(principal, deps.services.projects) };
  });

  app.get(`${base}/audit`, async (request) => {
    const { organization } = await managedOrganization(request, deps);
    const page = auditPageSchema.parse(request.query);
    return deps.services.audit.listOfOrganization(organization.id, page);
  });

  app.get('/api/v1/projects/:id/service-accounts', async (request) => {
    const { id } = projectParameters.parse(request.params);
    const principal = await principalOf(request, deps);
    const project = await authorizeFor(principal, id, { deps, needed: 'admin' });
    return { serviceAccounts: await deps.services.serviceAccounts.ofProject(project) };
  });

  accountRoutes(app, deps);
}

function accountRoutes(app: FastifyInstance, deps: RestDeps): void {
  const { serviceAccounts } = deps.services;
  const idOf = (request: FastifyRequest): number => accountParameters.parse(request.params).account;

  app.get(accountsUrl, async (request) => {
    const { organization } = await managedOrganization(request, deps);
    return serviceAccounts.list(organization, serviceAccountPageSchema.parse(request.query));
  });

  app.post(accountsUrl, async (request, reply) => {
    const { organization, by } = await managedOrganization(request, deps);
    const account = newServiceAccountSchema.parse(request.body);
    return reply.code(201).send(await serviceAccounts.create(organization, account, by));
  });

  app.get(`${accountsUrl}/:account`, async (request) => {
    const { organization } = await managedOrganization(request, deps);
    return { serviceAccount: await serviceAccounts.get(organization, idOf(request)) };
  });

  app.patch(`${accountsUrl}/:account`, async (request) => {
    const { organization, by } = await managedOrganization(request, deps);
    const change = serviceAccountChangeSchema.parse(request.body);
    const id = idOf(request);
    return { serviceAccount: await serviceAccounts.change(organization, id, change, by) };
  });

  app.delete(`${accountsUrl}/:account`, async (request) => {
    const { organization, by } = await managedOrganization(request, deps);
    const id = idOf(request);
    await serviceAccounts.remove(organization, id, by);
    return { id };
  });

  app.post(`${accountsUrl}/:account/secret`, async (request) => {
    const { organization, by } = await managedOrganization(request, deps);
    return serviceAccounts.rotate(organization, idOf(request), by);
  });
}

/** The organisation of the path, for somebody who may manage it. */
export async function managedOrganization(
  request: FastifyRequest,
  deps: RestDeps,
): Promise<{ readonly organization: AuthorizedOrganization; readonly by: Principal }> {
  const by = await principalOf(request, deps);
  if (by.type === 'guest') throw new ApiError('UNAUTHENTICATED', 'this needs credentials');
  const { organization: id } = organizationParameters.parse(request.params);
  return { organization: authorizeOrganization(by, id, 'admin'), by };
}
