import { activityRequestSchema, usersRequestSchema } from '@arbor/schema/query';
import {
  activitySchema,
  peopleImportSchema,
  profileSchema,
  userCohortsSchema,
  usersResultSchema,
} from '@arbor/schema/users-result';
import { z } from 'zod';
import { profileEditsSchema } from '../users/users-input.ts';
import type { Json } from './openapi-parts.ts';
import {
  answers,
  content,
  errors,
  forSpreadsheet,
  inPath,
  inQuery,
  jsonBody,
  operation,
  outputOf,
  projectPath,
} from './openapi-parts.ts';

const url = '/api/v1/projects/{id}/users/{user}';
const parameters = [projectPath, inPath('user', { type: 'string' })];

/** Many users; see `user-list-routes.ts`. */
function listPaths(): Readonly<Record<string, Json>> {
  const all = '/api/v1/projects/{id}/users';
  const file = content({ type: 'string' }, 'text/csv');
  return {
    [`${all}/list`]: {
      post: operation('A page of users, and how many there are', {
        parameters: [projectPath],
        requestBody: jsonBody(usersRequestSchema),
        responses: answers('The users.', outputOf(usersResultSchema)),
      }),
    },
    [`${all}/export`]: {
      post: operation('A CSV file of all users, in the order of their ids', {
        parameters: [projectPath, forSpreadsheet],
        requestBody: jsonBody(usersRequestSchema),
        responses: { 200: { description: 'The file.', content: file }, ...errors },
      }),
    },
    [`${all}/import`]: {
      post: operation('Set properties of many people from a CSV file', {
        parameters: [
          projectPath,
          inQuery(
            'columns',
            { type: 'string' },
            'Names of the columns, as a line of CSV; without it the first line of the file.',
          ),
          forSpreadsheet,
        ],
        requestBody: { required: true, content: file },
        responses: answers(
          'What became of the rows.',
          outputOf(z.object({ imported: peopleImportSchema })),
        ),
      }),
    },
  };
}

/** Users one by one; see `user-routes.ts`. `user` is any identifier. */
export function userPaths(): Readonly<Record<string, Json>> {
  return {
    ...listPaths(),
    [url]: {
      get: operation('What is known of a user', {
        parameters,
        responses: answers('The profile.', outputOf(z.object({ profile: profileSchema }))),
      }),
    },
    [`${url}/near`]: {
      get: operation('Identifiers that begin alike: what somebody who mistyped may have meant', {
        parameters,
        responses: answers(
          'As many as begin as the given one does.',
          outputOf(z.object({ identifiers: z.array(z.string()) })),
        ),
      }),
    },
    [`${url}/cohorts`]: {
      get: operation('The saved cohorts that a user is in now', {
        parameters,
        responses: answers(
          'Cohorts by name; `more` = there are more than were looked through.',
          outputOf(userCohortsSchema),
        ),
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
