import { roleAllows } from '@arbor/db/roles';
import { noProject } from '@arbor/schema/cluster';
import { refusedFilterSchema } from '@arbor/schema/ingestion-health';
import { z } from 'zod';
import type { AuthorizedProject } from '../auth/authorize.ts';
import { ApiError } from '../errors.ts';
import { isStreamId } from '../live/stream-id.ts';
import type { ProjectStore } from '../projects/ports.ts';

export const refusedInputSchema = refusedFilterSchema.extend({
  limit: z.coerce.number().int().min(1).max(100).default(50),
  cursor: z
    .string()
    .refine(isStreamId, { error: 'must be the next of the page before' })
    .optional(),
  /** Those of tokens that no project has, instead of the project's own. */
  unknownTokens: z.union([z.boolean(), z.stringbool()]).default(false),
});

/**
 * Whose refused records are asked for. What was sent with a token of no project belongs to nobody: only an admin, who gives
 * tokens away, is told of it, and where several organisations share the server nobody is: it may be of a site of another one.
 */
export async function refusedOf(
  project: AuthorizedProject,
  unknownTokens: boolean,
  projects: Pick<ProjectStore, 'hasOthers'>,
): Promise<number> {
  if (!unknownTokens) return project.id;
  if (!roleAllows(project.role, 'admin')) {
    throw new ApiError(
      'FORBIDDEN',
      `unknown tokens are shown to the role "admin" in project ${project.id}; yours is "${project.role}"`,
    );
  }
  if (!(await projects.hasOthers(project.organizationId))) return noProject;
  throw new ApiError(
    'FORBIDDEN',
    'unknown tokens are not shown where several organizations share the server: whose they are is not known',
  );
}
