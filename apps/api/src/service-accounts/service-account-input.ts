import { roles } from '@arbor/db/roles';
import { z } from 'zod';
import { isProjectId, nameSchema } from '../projects/project-fields.ts';

export const roleSchema = z.enum(roles);

/** Numbers of organisations and service accounts are PostgreSQL's integers, as those of projects. */
export const accountIdSchema = z
  .number()
  .refine(isProjectId, { error: 'must be the number of a service account' });
export const organizationIdSchema = z
  .number()
  .refine(isProjectId, { error: 'must be the number of an organization' });

/** As many as an account is given one by one: one that opens more opens all. */
const projectsMax = 1000;

const projectIdSchema = z
  .number()
  .refine(isProjectId, { error: 'must be the number of a project' });
const projectRolesSchema = z
  .array(z.object({ id: projectIdSchema, role: roleSchema }))
  .max(projectsMax)
  .refine((projects) => new Set(projects.map(({ id }) => id)).size === projects.length, {
    error: 'must name each project once',
  })
  .nullable();

/** A colon ends the name in HTTP Basic. */
const usernameSchema = nameSchema.regex(/^[^:]*$/, 'must not contain a colon');

const expirySchema = z.iso.datetime({ offset: true }).nullable();

export const newServiceAccountSchema = z.object({
  username: usernameSchema,
  role: roleSchema.default('analyst'),
  /** When it stops working; null = never. */
  expiresAt: expirySchema.default(null),
  /** Null = every project of the organisation, also those to come, with `role`. */
  projects: projectRolesSchema.default(null),
});
export type NewServiceAccount = z.infer<typeof newServiceAccountSchema>;

/** What is left out stays. */
export const serviceAccountChangeSchema = z
  .object({
    role: roleSchema.optional(),
    expiresAt: expirySchema.optional(),
    projects: projectRolesSchema.optional(),
  })
  .refine((change) => Object.values(change).some((value) => value !== undefined), {
    error: 'must change something: role, expiresAt or projects',
  });
export type ServiceAccountChange = z.infer<typeof serviceAccountChangeSchema>;

export const serviceAccountPageSchema = z.object({
  limit: z.coerce.number().int().min(1).max(1000).default(100),
  /** `next` of the page before. */
  cursor: z
    .string()
    .refine((text) => /^\d{1,10}$/.test(text) && isProjectId(Number(text)), {
      error: 'must be the "next" of a page',
    })
    .optional(),
});
export type ServiceAccountPage = z.infer<typeof serviceAccountPageSchema>;
