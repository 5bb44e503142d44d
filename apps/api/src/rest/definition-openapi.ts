import type { DefinitionKind } from '@arbor/schema/definitions';
import {
  definitionChangeSchema,
  lexiconEntrySchema,
  lexiconSettingsSchema,
  newDefinitionSchema,
  savedDefinitionSchema,
  sessionSettingsSchema,
  uploadReportSchema,
} from '@arbor/schema/definitions';
import { z } from 'zod';
import { definitionKinds, kindsOfDefinitions } from '../definitions/definition-kinds.ts';
import type { Json } from './openapi-parts.ts';
import {
  answers,
  errors,
  inPath,
  forSpreadsheet,
  inQuery,
  jsonBody,
  nextOfPage,
  operation,
  outputOf,
  pageParameters,
  projectPath,
} from './openapi-parts.ts';

const projectUrl = '/api/v1/projects/{id}';
const thing = inPath('thing', { type: 'string' });
const nothing: Json = { 204: { description: 'Done.' }, ...errors };
const archived = inQuery('archived', { type: 'boolean' }, 'Also what was archived.');
const pageOfMany = (name: string, item: z.ZodType): Json =>
  outputOf(z.object({ [name]: z.array(item), ...nextOfPage }));
const of = (name: string, schema: z.ZodType): Json => outputOf(z.object({ [name]: schema }));

/** What a project defines; see `definition-routes.ts`. */
export function definitionPaths(): Readonly<Record<string, Json>> {
  return {
    ...Object.assign({}, ...kindsOfDefinitions.map(kindPaths)),
    [`${projectUrl}/cohorts/{thing}/members`]: {
      get: operation('Those who are in a cohort now, as CSV', {
        parameters: [projectPath, thing, forSpreadsheet],
        responses: {
          200: { description: 'CSV.', content: { 'text/csv': { schema: { type: 'string' } } } },
          ...errors,
        },
      }),
      put: uploadOperation('Replace the members of a frozen cohort'),
      post: uploadOperation('Add members to a frozen cohort'),
    },
    [`${projectUrl}/lookup-tables/{thing}/rows`]: {
      put: uploadOperation('Replace the rows of a lookup table'),
    },
    ...lexiconPaths('events', 'events', 'event'),
    ...lexiconPaths('properties/event', 'properties', 'property of events'),
    ...lexiconPaths('properties/person', 'properties', 'property of persons'),
    [`${projectUrl}/session-settings`]: {
      get: operation('How sessions are cut', {
        parameters: [projectPath],
        responses: answers('The settings.', of('sessionSettings', sessionSettingsSchema)),
      }),
      put: operation('Set how sessions are cut', {
        parameters: [projectPath],
        requestBody: jsonBody(sessionSettingsSchema),
        responses: answers('The settings.', of('sessionSettings', sessionSettingsSchema)),
      }),
    },
  };
}

function kindPaths(kind: DefinitionKind): Readonly<Record<string, Json>> {
  const { path, one, many } = definitionKinds[kind];
  const words = kind.replaceAll('_', ' ');
  const saved = savedDefinitionSchema(kind);
  return {
    [`${projectUrl}/${path}`]: {
      get: operation(`Every ${words}`, {
        parameters: [projectPath, archived, ...pageParameters],
        responses: answers('By name.', pageOfMany(many, saved)),
      }),
      post: operation(`Make a ${words}`, {
        parameters: [projectPath],
        requestBody: jsonBody(newDefinitionSchema(kind)),
        responses: { 201: answers('Made.', of(one, saved))[200], ...errors },
      }),
    },
    [`${projectUrl}/${path}/{thing}`]: {
      get: operation(`A ${words}`, {
        parameters: [projectPath, thing],
        responses: answers('What it is.', of(one, saved)),
      }),
      patch: operation(`Change a ${words}; what is left out stays`, {
        parameters: [projectPath, thing],
        requestBody: jsonBody(definitionChangeSchema(kind)),
        responses: answers('Changed.', of(one, saved)),
      }),
      delete: operation(`Archive a ${words}: queries do not find it any more`, {
        parameters: [projectPath, thing],
        responses: nothing,
      }),
    },
  };
}

function uploadOperation(summary: string): Json {
  return operation(summary, {
    parameters: [projectPath, thing, forSpreadsheet],
    requestBody: { required: true, content: { 'text/csv': { schema: { type: 'string' } } } },
    responses: answers('What was taken, and what was not.', of('upload', uploadReportSchema)),
  });
}

function lexiconPaths(path: string, many: string, what: string): Readonly<Record<string, Json>> {
  const name = inPath('name', { type: 'string' });
  return {
    [`${projectUrl}/${path}`]: {
      get: operation(`What was said about each ${what}`, {
        parameters: [projectPath, ...pageParameters],
        responses: answers('By name.', pageOfMany(many, lexiconEntrySchema)),
      }),
    },
    [`${projectUrl}/${path}/{name}`]: {
      put: operation(`Hide, name, describe or merge an ${what}`.replace('an p', 'a p'), {
        parameters: [projectPath, name],
        requestBody: jsonBody(lexiconSettingsSchema),
        responses: answers('What holds now.', of('settings', lexiconEntrySchema)),
      }),
      delete: operation(`Forget what was said about an ${what}`.replace('an p', 'a p'), {
        parameters: [projectPath, name],
        responses: nothing,
      }),
    },
  };
}
