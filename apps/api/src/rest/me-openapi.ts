import { roles } from '@arbor/db/roles';
import { liveEntrySchema, liveFilterSchema } from '@arbor/schema/live';
import { z } from 'zod';
import type { Json } from './openapi-parts.ts';
import {
  answers,
  content,
  errors,
  errorSchema,
  inQuery,
  nextOfPage,
  operation,
  outputOf,
  pageParameters,
  projectPath,
} from './openapi-parts.ts';
import { eventStream, ndjson } from './update-stream.ts';

const openedProjectSchema = z.object({
  id: z.number().int(),
  name: z.string(),
  organization: z.string(),
  timezone: z.string(),
  isDemo: z.boolean(),
  role: z.enum(roles),
});

const meSchema = z.object({
  user: z.object({ id: z.string(), name: z.string(), email: z.string() }).nullable(),
  guest: z.boolean(),
  projects: z.array(openedProjectSchema),
});

/** See `me-routes.ts`. */
export function mePaths(): Readonly<Record<string, Json>> {
  return {
    '/api/v1/me': {
      get: operation('Who the credentials are of, and what they open', {
        responses: answers('Somebody without credentials is a guest.', outputOf(meSchema)),
      }),
    },
  };
}

export function projectsOperation(): Json {
  const page = z.object({ projects: z.array(openedProjectSchema), ...nextOfPage });
  return operation('Projects that the credentials open', {
    parameters: pageParameters,
    responses: answers('By number.', outputOf(page)),
  });
}

const liveUpdateSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('open') }),
  z.object({
    type: z.literal('entry'),
    /** What a reader that reconnects sends back as `Last-Event-ID`. */
    id: z.string(),
    entry: liveEntrySchema,
  }),
  errorSchema.extend({ type: z.literal('error') }),
]);

/** See `live-routes.ts`. */
export function livePaths(): Readonly<Record<string, Json>> {
  const recent = content(outputOf(z.object({ entries: z.array(liveEntrySchema) })));
  const update = outputOf(liveUpdateSchema);
  const kinds = liveFilterSchema.shape.kinds.unwrap().element.options.join(', ');
  return {
    '/api/v1/projects/{id}/live': {
      get: operation('What arrived last, or as a stream each record as it comes', {
        parameters: [
          projectPath,
          inQuery('kinds', { type: 'string' }, `Which kinds, with commas: ${kinds}.`),
          inQuery('event', { type: 'string' }, 'Only events of this name.'),
          inQuery('user', { type: 'string' }, 'Only of this identifier.'),
          inQuery('max', { type: 'integer', maximum: 1000 }, 'How many, 100 by default.'),
          {
            name: 'Last-Event-ID',
            in: 'header',
            required: false,
            description: 'Of a stream: the id after which it goes on.',
            schema: { type: 'string' },
          },
        ],
        responses: {
          200: {
            description:
              'Oldest first. With "Accept: text/event-stream" or "application/x-ndjson" the last ones, then each as it comes.',
            content: { ...recent, ...content(update, eventStream), ...content(update, ndjson) },
          },
          ...errors,
        },
      }),
    },
  };
}
