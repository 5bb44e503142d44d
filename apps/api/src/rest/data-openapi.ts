import {
  checkedRowSchema,
  importCheckSchema,
  importedRowsSchema,
  importRowsSchema,
  importStateSchema,
  newImportSchema,
  savedImportSchema,
} from '@arbor/schema/imports';
import { ingestionHealthSchema, refusedPageSchema } from '@arbor/schema/ingestion-health';
import { ingestSourceSchema } from '@arbor/schema/ingest';
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

const own = '/api/v1/projects/{id}';
const one = outputOf(z.object({ import: savedImportSchema }));
const importPath = inPath('import', { type: 'integer', minimum: 1 });
const limit = inQuery('limit', { type: 'integer', minimum: 1, maximum: 100 }, 'How many a page.');
const page = z.object({ imports: z.array(savedImportSchema), next: z.number().nullable() });

/** How ingestion is, and files of events; see `data-routes.ts`. */
export function dataPaths(): Readonly<Record<string, Json>> {
  return { ...healthPaths(), ...importPaths() };
}

function healthPaths(): Readonly<Record<string, Json>> {
  return {
    [`${own}/ingest-health`]: {
      get: operation('How ingestion is: what was accepted and refused, and what waits', {
        parameters: [
          projectPath,
          inQuery('span', { type: 'string', enum: ['hour', 'day', 'week'] }, 'Of which time.'),
        ],
        responses: answers(
          'Counts and queues.',
          outputOf(z.object({ ingestHealth: ingestionHealthSchema })),
        ),
      }),
    },
    [`${own}/refused-records`]: {
      get: operation('Refused records that were kept: some of each reason, for a week', {
        parameters: [
          projectPath,
          limit,
          inQuery('cursor', { type: 'string' }, '`next` of the page before.'),
          inQuery(
            'source',
            { type: 'string', enum: ingestSourceSchema.options },
            'Which endpoint.',
          ),
          inQuery('field', { type: 'string' }, 'The field that is wrong; "" = the record.'),
          inQuery('reason', { type: 'string' }, 'A reason, as `ingest-health` names it.'),
          inQuery(
            'unknownTokens',
            { type: 'boolean' },
            'Those of tokens that no project has, for admins of the only organization: which token, and by which site.',
          ),
        ],
        responses: answers('Newest first.', outputOf(refusedPageSchema)),
      }),
    },
  };
}

function importPaths(): Readonly<Record<string, Json>> {
  return {
    [`${own}/imports`]: {
      get: operation('Files of events that were brought in, newest first', {
        parameters: [
          projectPath,
          limit,
          inQuery('cursor', { type: 'integer' }, '`next` of the page before.'),
        ],
        responses: answers('A page of imports.', outputOf(page)),
      }),
      post: operation('Begin to bring in a file of events', {
        parameters: [projectPath],
        requestBody: jsonBody(newImportSchema),
        responses: { 201: { description: 'Begun.', content: content(one) }, ...errors },
      }),
    },
    [`${own}/imports/check`]: {
      post: operation('What would become of some rows: nothing is stored', {
        parameters: [projectPath],
        requestBody: jsonBody(importCheckSchema),
        responses: answers('Row by row.', outputOf(z.object({ rows: z.array(checkedRowSchema) }))),
      }),
    },
    [`${own}/imports/{import}`]: {
      get: operation('An import: how far it is, and why rows were refused', {
        parameters: [projectPath, importPath],
        responses: answers('The import.', one),
      }),
      patch: operation('End an import, or open it again', {
        parameters: [projectPath, importPath],
        requestBody: jsonBody(z.object({ state: importStateSchema })),
        responses: answers('The import.', one),
      }),
    },
    [`${own}/imports/{import}/rows`]: {
      post: operation('Bring in the next rows; the same rows again are stored once', {
        parameters: [projectPath, importPath],
        requestBody: jsonBody(importRowsSchema),
        responses: answers(
          'What was refused, and how far the import is.',
          outputOf(importedRowsSchema),
        ),
      }),
    },
  };
}
