import {
  identityChangeAnswerSchema,
  identityClusterSchema,
  identityLogSchema,
  identityRefusalsSchema,
  identitySettingsSchema,
  identitySplitSchema,
} from '@arbor/schema/identity';
import { z } from 'zod';
import { mergeInputSchema } from '../identity/identity-input.ts';
import type { Json } from './openapi-parts.ts';
import {
  answers,
  content,
  inPath,
  inQuery,
  jsonBody,
  operation,
  outputOf,
  projectPath,
} from './openapi-parts.ts';

const url = '/api/v1/projects/{id}/identity';
const user = inPath('user', { type: 'string' });
const link = inPath('link', { type: 'string' });
const change = outputOf(identityChangeAnswerSchema);
const changed: Json = {
  ...answers('It is done.', change),
  202: { description: 'It is written down and will be done.', content: content(change) },
};
const settings = outputOf(z.object({ identitySettings: identitySettingsSchema }));

/** Who is whom, and why; see `identity-routes.ts`. `user` is any identifier. */
export function identityPaths(): Readonly<Record<string, Json>> {
  return {
    [`${url}/users/{user}`]: {
      get: operation('Everything that is one user', {
        parameters: [projectPath, user],
        responses: answers('The user.', outputOf(z.object({ user: identityClusterSchema }))),
      }),
    },
    [`${url}/users/{user}/links`]: {
      get: operation('Why identifiers are one user: the log of links', {
        parameters: [
          projectPath,
          user,
          inQuery('cursor', { type: 'string' }, 'The "next" of the page before.'),
        ],
        responses: answers('Newest first.', outputOf(identityLogSchema)),
      }),
    },
    [`${url}/refusals`]: {
      get: operation('Links that were refused', {
        parameters: [
          projectPath,
          inQuery('days', { type: 'integer', maximum: 365 }, 'How far back, 7 by default.'),
        ],
        responses: answers('Most frequent first.', outputOf(identityRefusalsSchema)),
      }),
    },
    [`${url}/settings`]: {
      get: operation('What joins identifiers in this project', {
        parameters: [projectPath],
        responses: answers('The settings.', settings),
      }),
      put: operation('Set what joins identifiers from now on', {
        parameters: [projectPath],
        requestBody: jsonBody(identitySettingsSchema),
        responses: answers('The settings.', settings),
      }),
    },
    [`${url}/merges`]: {
      post: operation('Make two users one', {
        parameters: [projectPath],
        requestBody: jsonBody(mergeInputSchema),
        responses: changed,
      }),
    },
    [`${url}/links/{link}/preview`]: {
      get: operation('What taking a link back would do', {
        parameters: [projectPath, link],
        responses: answers('The two users.', outputOf(z.object({ split: identitySplitSchema }))),
      }),
    },
    [`${url}/links/{link}/undo`]: {
      post: operation('Take a link back', {
        parameters: [projectPath, link],
        responses: changed,
      }),
    },
  };
}
