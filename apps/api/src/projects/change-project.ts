import { z } from 'zod';
import { nameOf } from '../auth/name-of.ts';
import type { Principal } from '../auth/principal.ts';
import type { AuthorizedProject } from '../auth/authorize.ts';
import { ApiError } from '../errors.ts';
import type { ProjectStore } from './ports.ts';
import { projectView } from './project-view.ts';
import type { ProjectView } from './project-view.ts';
import { nameSchema, originSchema, timezoneSchema } from './project-fields.ts';

/** Each is compared with the origin of every request. */
const allowedOriginsMax = 100;

/** What is left out stays. Zone and starts are how every report is cut, for the whole history at once. */
export const changeProjectSchema = z
  .object({
    name: nameSchema.optional(),
    timezone: timezoneSchema.optional(),
    /** 1 = Monday … 7 = Sunday. */
    weekStart: z.number().int().min(1).max(7).optional(),
    /** The month in which a quarter starts: 1 = January. */
    quarterStart: z.number().int().min(1).max(12).optional(),
    /** Pages that may send with the public token, for all others are refused; none = all may. */
    allowedOrigins: z.array(originSchema).max(allowedOriginsMax).optional(),
  })
  .refine((change) => Object.values(change).some((value) => value !== undefined), {
    error: 'must change something: name, timezone, weekStart, quarterStart or allowedOrigins',
  });
export type ChangeProject = z.infer<typeof changeProjectSchema>;

/** Changes a project that the principal may administer. Throws `NOT_FOUND` when it went away meanwhile. */
export async function changeProject(
  projects: Pick<ProjectStore, 'change'>,
  project: AuthorizedProject,
  { change, by }: { readonly change: ChangeProject; readonly by: Principal },
): Promise<ProjectView> {
  const changed = await projects.change(project.id, change, nameOf(by));
  if (changed === null) throw new ApiError('NOT_FOUND', `project ${project.id} does not exist`);
  return projectView({ ...changed, role: project.role });
}

/** A new secret for a project that the principal may administer. Throws `NOT_FOUND` when it went away meanwhile. */
export async function rotateSecret(
  projects: Pick<ProjectStore, 'rotateSecret'>,
  project: AuthorizedProject,
  by: Principal,
): Promise<{ readonly secret: string }> {
  const secret = await projects.rotateSecret(project.id, nameOf(by));
  if (secret === null) throw new ApiError('NOT_FOUND', `project ${project.id} does not exist`);
  return { secret };
}
