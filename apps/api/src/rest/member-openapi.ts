import { z } from 'zod';
import { memberRoleSchema, newInvitationSchema } from '../members/member-input.ts';
import { memberChangeSchema } from './member-routes.ts';
import type { Json } from './openapi-parts.ts';
import { answers, errors, inPath, jsonBody, operation, outputOf } from './openapi-parts.ts';

const base = '/api/v1/organizations/{organization}';
const organization = inPath('organization', { type: 'integer', minimum: 1 });
const member = inPath('member', { type: 'string' });
const invitation = inPath('invitation', { type: 'integer', minimum: 1 });

const memberSchema = z.object({
  id: z.string(),
  name: z.string(),
  email: z.string(),
  role: memberRoleSchema,
  joinedAt: z.iso.datetime(),
});
const invitationSchema = z.object({
  id: z.number().int(),
  role: memberRoleSchema,
  email: z.string().nullable(),
  createdBy: z.string(),
  createdAt: z.iso.datetime(),
  expiresAt: z.iso.datetime(),
});

/** Members and invitations; see `member-routes.ts`. */
export function memberPaths(): Readonly<Record<string, Json>> {
  const list = z.object({
    members: z.array(memberSchema),
    invitations: z.array(invitationSchema),
  });
  const invited = z.object({ invitation: invitationSchema, token: z.string() });
  return {
    [`${base}/members`]: {
      get: operation('Members of an organization, and invitations that nobody used yet', {
        parameters: [organization],
        responses: answers('By name.', outputOf(list)),
      }),
    },
    [`${base}/members/{member}`]: {
      patch: operation('Change what a member may do', {
        parameters: [organization, member],
        requestBody: jsonBody(memberChangeSchema),
        responses: answers('Changed.', outputOf(z.object({ member: memberSchema }))),
      }),
      delete: operation('Take a member out of an organization', {
        parameters: [organization, member],
        responses: answers('He is no member any more.', outputOf(z.object({ id: z.string() }))),
      }),
    },
    [`${base}/invitations`]: {
      post: operation('Invite somebody; the token of the link /join#token=… is shown only here', {
        parameters: [organization],
        requestBody: jsonBody(newInvitationSchema),
        responses: { 201: answers('Invited.', outputOf(invited))[200], ...errors },
      }),
    },
    [`${base}/invitations/{invitation}`]: {
      delete: operation('Withdraw an invitation', {
        parameters: [organization, invitation],
        responses: answers('Its link is no longer good.', outputOf(z.object({ id: z.number() }))),
      }),
    },
  };
}
