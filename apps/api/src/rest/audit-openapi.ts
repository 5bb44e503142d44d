import { z } from 'zod';
import type { Json } from './openapi-parts.ts';
import { answers, inQuery, operation, outputOf, projectPath } from './openapi-parts.ts';

const pageSchema = z.object({
  entries: z.array(
    z.object({
      id: z.string(),
      at: z.iso.datetime(),
      actor: z.string(),
      action: z.string(),
      target: z.string().nullable(),
      details: z.unknown(),
    }),
  ),
  next: z.string().nullable(),
});

/** Who changed what; see `audit-routes.ts`. */
export function auditPaths(): Readonly<Record<string, Json>> {
  return {
    '/api/v1/projects/{id}/audit': {
      get: auditPageOperation('Who changed what, newest first', projectPath),
    },
  };
}

/** A page of what was done in the place that the path names. */
export function auditPageOperation(summary: string, place: Json): Json {
  return operation(summary, {
    parameters: [
      place,
      inQuery('limit', { type: 'integer', minimum: 1, maximum: 1000 }, 'Entries a page.'),
      inQuery('cursor', { type: 'string' }, '`next` of the page before.'),
      inQuery('target', { type: 'string' }, 'Only what was done to this definition or user.'),
    ],
    responses: answers('A page of the audit log.', outputOf(pageSchema)),
  });
}
