import { z } from 'zod';
import {
  newServiceAccountSchema,
  roleSchema,
  serviceAccountChangeSchema,
} from '../service-accounts/service-account-input.ts';
import { auditPageOperation } from './audit-openapi.ts';
import type { Json } from './openapi-parts.ts';
import {
  answers,
  errors,
  inPath,
  jsonBody,
  nextOfPage,
  operation,
  outputOf,
  pageParameters,
  projectPath,
} from './openapi-parts.ts';

const base = '/api/v1/organizations/{organization}';
const organization = inPath('organization', { type: 'integer', minimum: 1 });
const account = inPath('account', { type: 'integer', minimum: 1 });

const organizationSchema = z.object({ id: z.number().int(), name: z.string(), role: roleSchema });

const useSchema = z.object({
  id: z.number().int(),
  username: z.string(),
  role: roleSchema,
  createdBy: z.string().nullable(),
  createdAt: z.iso.datetime(),
  expiresAt: z.iso.datetime().nullable(),
  expired: z.boolean(),
  lastUsedAt: z.iso.datetime().nullable(),
});
const accountSchema = useSchema.extend({
  allProjects: z.boolean(),
  projects: z.array(organizationSchema),
});

const one = outputOf(z.object({ serviceAccount: accountSchema }));
const withSecret = outputOf(z.object({ serviceAccount: accountSchema, secret: z.string() }));

/** Organisations and service accounts; see `organization-routes.ts`. */
export function organizationPaths(): Readonly<Record<string, Json>> {
  return {
    '/api/v1/organizations': {
      get: operation('Organizations that the credentials belong to', {
        responses: answers(
          'By name.',
          outputOf(z.object({ organizations: z.array(organizationSchema) })),
        ),
      }),
    },
    [`${base}/audit`]: {
      get: auditPageOperation('Who changed what in an organization itself', organization),
    },
    ...accountPaths(),
    '/api/v1/projects/{id}/service-accounts': {
      get: operation('Service accounts that open a project, with their roles in it', {
        parameters: [projectPath],
        responses: answers(
          'By number.',
          outputOf(z.object({ serviceAccounts: z.array(useSchema) })),
        ),
      }),
    },
  };
}

function accountPaths(): Readonly<Record<string, Json>> {
  const page = z.object({ serviceAccounts: z.array(accountSchema), ...nextOfPage });
  return {
    [`${base}/service-accounts`]: {
      get: operation('Service accounts of an organization', {
        parameters: [organization, ...pageParameters],
        responses: answers('A page, by number.', outputOf(page)),
      }),
      post: operation('Make a service account; its secret is shown only here', {
        parameters: [organization],
        requestBody: jsonBody(newServiceAccountSchema),
        responses: { 201: answers('Made.', withSecret)[200], ...errors },
      }),
    },
    [`${base}/service-accounts/{account}`]: {
      get: operation('A service account', {
        parameters: [organization, account],
        responses: answers('What it is.', one),
      }),
      patch: operation('Change what a service account may do, or until when', {
        parameters: [organization, account],
        requestBody: jsonBody(serviceAccountChangeSchema),
        responses: answers('Changed.', one),
      }),
      delete: operation('Remove a service account', {
        parameters: [organization, account],
        responses: answers('It is no longer good.', outputOf(z.object({ id: z.number().int() }))),
      }),
    },
    [`${base}/service-accounts/{account}/secret`]: {
      post: operation('Give a service account a new secret, shown only here', {
        parameters: [organization, account],
        responses: answers('The old one is no longer good.', withSecret),
      }),
    },
  };
}
