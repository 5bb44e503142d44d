import { z } from 'zod';
import { nameSchema, timezoneSchema } from '../projects/project-fields.ts';
import { passwordLength } from './password-length.ts';

export const createOwnerSchema = z.object({
  /** From the link in the terminal. */
  token: z.string().min(1).max(255),
  name: nameSchema,
  email: z.email().max(255),
  password: z.string().min(passwordLength.min).max(passwordLength.max),
  organization: nameSchema,
  project: nameSchema,
  timezone: timezoneSchema.default('UTC'),
});
export type CreateOwner = z.infer<typeof createOwnerSchema>;

export interface Setup {
  status(): Promise<{ ownerExists: boolean }>;
  /** Uses the one-time link: makes the first owner, the organisation and its first project. */
  createOwner(request: CreateOwner): Promise<{ projectId: number }>;
}
