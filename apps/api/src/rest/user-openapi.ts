import { activityRequestSchema } from '@arbor/schema/query';
import { activitySchema, profileSchema } from '@arbor/schema/users-result';
import { z } from 'zod';
import { profileEditsSchema } from '../users/users-input.ts';
import type { Json } from './openapi-parts.ts';
import {
  answers,
  errors,
  inPath,
  jsonBody,
  operation,
  outputOf,
  projectPath,
} from './openapi-parts.ts';

const url = '/api/v1/projects/{id}/users/{user}';
const parameters = [projectPath, inPath('user', { type: 'string' })];

/** Users one by one; see `user-routes.ts`. `user` is any identifier. */
export function userPaths(): Readonly<Record<string, Json>> {
  return {
    [url]: {
      get: operation('What is known of a user', {
        parameters,
        responses: answers('The profile.', outputOf(z.object({ profile: profileSchema }))),
      }),
    },
    [`${url}/activity`]: {
      post: operation('A page of the events of a user, newest first', {
        parameters,
        requestBody: jsonBody(activityRequestSchema),
        responses: answers('The events.', outputOf(activitySchema)),
      }),
    },
    [`${url}/profile`]: {
      patch: operation('Change the profile of a user', {
        parameters,
        requestBody: jsonBody(z.object({ edits: profileEditsSchema })),
        responses: { 202: { description: 'Accepted: it is seen a moment later.' }, ...errors },
      }),
    },
  };
}
