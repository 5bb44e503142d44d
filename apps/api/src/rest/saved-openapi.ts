import {
  boardChangeSchema,
  boardSchema,
  boardSummarySchema,
  newBoardSchema,
} from '@arbor/schema/boards';
import {
  newSavedReportSchema,
  savedReportChangeSchema,
  savedReportSchema,
  savedReportSummarySchema,
} from '@arbor/schema/saved-reports';
import { z } from 'zod';
import type { Json } from './openapi-parts.ts';
import {
  answers,
  errors,
  inPath,
  inQuery,
  jsonBody,
  operation,
  outputOf,
  projectPath,
} from './openapi-parts.ts';

const saved = inPath('saved', { type: 'integer', minimum: 1 });
const pageParameters: readonly Json[] = [
  inQuery('limit', { type: 'integer', minimum: 1, maximum: 1000 }, 'How many a page.'),
  inQuery('cursor', { type: 'integer' }, '`next` of the page before.'),
  inQuery('archived', { type: 'boolean' }, 'Those in the bin instead.'),
];

type Kind = {
  readonly path: string;
  readonly one: string;
  readonly many: string;
  readonly words: string;
  readonly summary: z.ZodType;
  readonly whole: z.ZodType;
  readonly made: z.ZodType;
  readonly change: z.ZodType;
  readonly more: readonly Json[];
};

/** Saved reports and boards; see `saved-routes.ts`. */
export function savedPaths(): Readonly<Record<string, Json>> {
  return {
    ...pathsOf({
      path: 'reports',
      one: 'report',
      many: 'reports',
      words: 'saved report',
      summary: savedReportSummarySchema,
      whole: savedReportSchema,
      made: newSavedReportSchema,
      change: savedReportChangeSchema,
      more: [],
    }),
    ...pathsOf({
      path: 'boards',
      one: 'board',
      many: 'boards',
      words: 'board',
      summary: boardSummarySchema,
      whole: boardSchema,
      made: newBoardSchema,
      change: boardChangeSchema,
      more: [
        inQuery('report', { type: 'integer' }, 'Those on which this report stands.'),
        inQuery('pinned', { type: 'boolean' }, 'Those that are in the navigation, or are not.'),
      ],
    }),
  };
}

function pathsOf(kind: Kind): Readonly<Record<string, Json>> {
  const { path, one, many, words, summary, whole, made, change, more } = kind;
  const page = z.object({ [many]: z.array(summary), next: z.number().int().nullable() });
  const answer = outputOf(z.object({ [one]: whole }));
  return {
    [`/api/v1/projects/{id}/${path}`]: {
      get: operation(`Every ${words}`, {
        parameters: [projectPath, ...pageParameters, ...more],
        responses: answers('A page, newest first.', outputOf(page)),
      }),
      post: operation(`Make a ${words}`, {
        parameters: [projectPath],
        requestBody: jsonBody(made),
        responses: { 201: answers('Made.', answer)[200], ...errors },
      }),
    },
    [`/api/v1/projects/{id}/${path}/{saved}`]: {
      get: operation(`A ${words}`, {
        parameters: [projectPath, saved],
        responses: answers('What it is.', answer),
      }),
      patch: operation(`Change a ${words}, or put it into the bin; what is left out stays`, {
        parameters: [projectPath, saved],
        requestBody: jsonBody(change),
        responses: answers('Changed.', answer),
      }),
    },
  };
}
