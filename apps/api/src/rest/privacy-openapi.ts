import {
  dataRequestPageSchema,
  dataRequestSchema,
  newDataRequestSchema,
  privacyChangeSchema,
  privacySettingsSchema,
} from '@arbor/schema/privacy';
import { z } from 'zod';
import type { Json } from './openapi-parts.ts';
import {
  answers,
  content,
  errors,
  inPath,
  inQuery,
  jsonBody,
  operation,
  outputOf,
  projectPath,
} from './openapi-parts.ts';

const request = outputOf(z.object({ request: dataRequestSchema }));
const settings = outputOf(z.object({ privacySettings: privacySettingsSchema }));
const requestPath = inPath('request', { type: 'string' });
const own = '/api/v1/projects/{id}/data-requests';

/** Requests for access and erasure, and what a project keeps; see `privacy-routes.ts`. */
export function privacyPaths(): Readonly<Record<string, Json>> {
  return {
    [own]: {
      post: operation('Ask for everything about some users, or for their erasure', {
        parameters: [projectPath],
        requestBody: jsonBody(newDataRequestSchema),
        responses: {
          201: { description: 'Asked for.', content: content(request) },
          ...errors,
        },
      }),
      get: operation('Requests, newest first', {
        parameters: [
          projectPath,
          inQuery('cursor', { type: 'string' }, '`next` of the page before.'),
        ],
        responses: answers('A page of requests.', outputOf(dataRequestPageSchema)),
      }),
    },
    [`${own}/{request}`]: {
      get: operation('A request: how far it is, its receipt or its link', {
        parameters: [projectPath, requestPath],
        responses: answers('The request.', request),
      }),
      delete: operation('Cancel an erasure that has not started; 409 once it has', {
        parameters: [projectPath, requestPath],
        responses: answers('The request, revoked.', request),
      }),
    },
    '/api/v1/data-access/{request}': {
      get: operation('What a request for access asked for, by the link that the request shows', {
        parameters: [
          requestPath,
          inQuery('expires', { type: 'integer' }, 'Of the link.', true),
          inQuery('signature', { type: 'string' }, 'Of the link.', true),
          inQuery('format', { type: 'string', enum: ['json', 'zip'] }, 'Lines of JSON by default.'),
        ],
        responses: {
          200: {
            description: 'One thing that is known of a user a line.',
            content: {
              ...content({ type: 'object' }, 'application/x-ndjson'),
              ...content({ type: 'string', format: 'binary' }, 'application/zip'),
            },
          },
          ...errors,
        },
      }),
    },
    '/api/v1/projects/{id}/privacy-settings': {
      get: operation('What the project keeps, and for how long', {
        parameters: [projectPath],
        responses: answers('The settings.', settings),
      }),
      put: operation('Change what the project keeps', {
        parameters: [projectPath],
        requestBody: jsonBody(privacyChangeSchema),
        responses: answers('The settings.', settings),
      }),
    },
  };
}
