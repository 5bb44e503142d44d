import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import {
  invitationIdSchema,
  memberIdSchema,
  memberRoleSchema,
  newInvitationSchema,
} from '../members/member-input.ts';
import { managedOrganization } from './organization-routes.ts';
import type { RestDeps } from './rest-request.ts';

const base = '/api/v1/organizations/:organization';
const memberParameters = z.object({ member: memberIdSchema });
const invitationParameters = z.object({ invitation: z.coerce.number().pipe(invitationIdSchema) });
export const memberChangeSchema = z.object({ role: memberRoleSchema });

/** Members of an organisation and invitations to it: for those who manage it. */
export function memberRoutes(app: FastifyInstance, deps: RestDeps): void {
  const { members } = deps.services;

  app.get(`${base}/members`, async (request) => {
    const { organization } = await managedOrganization(request, deps);
    return members.list(organization);
  });

  app.patch(`${base}/members/:member`, async (request) => {
    const { organization, by } = await managedOrganization(request, deps);
    const { member: id } = memberParameters.parse(request.params);
    const { role } = memberChangeSchema.parse(request.body);
    return { member: await members.change(organization, { id, role }, by) };
  });

  app.delete(`${base}/members/:member`, async (request) => {
    const { organization, by } = await managedOrganization(request, deps);
    const { member: id } = memberParameters.parse(request.params);
    await members.remove(organization, id, by);
    return { id };
  });

  app.post(`${base}/invitations`, async (request, reply) => {
    const { organization, by } = await managedOrganization(request, deps);
    const invitation = newInvitationSchema.parse(request.body);
    return reply.code(201).send(await members.invite(organization, invitation, by));
  });

  app.delete(`${base}/invitations/:invitation`, async (request) => {
    const { organization, by } = await managedOrganization(request, deps);
    const { invitation: id } = invitationParameters.parse(request.params);
    await members.withdraw(organization, id, by);
    return { id };
  });
}
