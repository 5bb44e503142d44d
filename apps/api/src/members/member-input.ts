import { roles } from '@arbor/db/roles';
import { z } from 'zod';
import { passwordLength } from '../auth/password-length.ts';
import { isProjectId, nameSchema } from '../projects/project-fields.ts';

export const memberRoleSchema = z.enum(roles);

export const memberIdSchema = z.string().min(1).max(255);

/** PostgreSQL's integers, as the numbers of projects. */
export const invitationIdSchema = z
  .number()
  .refine(isProjectId, { error: 'must be the number of an invitation' });

const daysMax = 30;

export const newInvitationSchema = z.object({
  role: memberRoleSchema,
  /** Only for the account with this address; null = for whoever has the link. */
  email: z.email().max(255).nullable().default(null),
  /** For how many days the link is good. */
  days: z.number().int().min(1).max(daysMax).default(7),
});
export type NewInvitation = z.infer<typeof newInvitationSchema>;

export const invitationTokenSchema = z.string().min(1).max(255);

export const joinSchema = z.object({
  token: invitationTokenSchema,
  /** Absent = the account that is signed in. */
  person: z
    .object({
      name: nameSchema,
      email: z.email().max(255),
      password: z.string().min(passwordLength.min).max(passwordLength.max),
    })
    .optional(),
});
export type Join = z.infer<typeof joinSchema>;
