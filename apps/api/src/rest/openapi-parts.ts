import { z } from 'zod';
import { apiErrors } from '../errors.ts';

/** What the descriptions of routes are made of. */

export type Json = Readonly<Record<string, unknown>>;

export const errorSchema = z.object({
  error: z.object({
    code: z.enum(Object.keys(apiErrors) as [string, ...string[]]),
    message: z.string(),
    help: z.string(),
  }),
});

/** As a client writes it: with defaults left out. */
export const inputOf = (schema: z.ZodType): Json => z.toJSONSchema(schema, { io: 'input' });
export const outputOf = (schema: z.ZodType): Json => z.toJSONSchema(schema);

export const content = (schema: Json, type = 'application/json'): Json => ({ [type]: { schema } });

export const errors: Json = {
  default: {
    description: 'An error: its code, what happened in words, and what to do next.',
    content: content({ $ref: '#/components/schemas/Error' }),
  },
};

export const answers = (description: string, schema: Json): Json => ({
  200: { description, content: content(schema) },
  ...errors,
});

export const inQuery = (
  name: string,
  schema: Json,
  description: string,
  required = false,
): Json => ({
  name,
  in: 'query',
  required,
  schema,
  description,
});

export const operation = (
  summary: string,
  rest: { parameters?: readonly Json[]; requestBody?: Json; responses: Json },
): Json => ({ summary, ...rest });

export const jsonBody = (schema: z.ZodType): Json => ({
  required: true,
  content: content(inputOf(schema)),
});

export const inPath = (name: string, schema: Json): Json => ({
  name,
  in: 'path',
  required: true,
  schema,
});
export const projectPath = inPath('id', { type: 'integer', minimum: 1 });

/** Of lists in pages; see `page-of.ts`. */
export const pageParameters: readonly Json[] = [
  inQuery(
    'limit',
    { type: 'integer', minimum: 1, maximum: 1000 },
    'How many a page, 1000 at most.',
  ),
  inQuery('cursor', { type: 'string' }, '`next` of the page before.'),
];
/** Of files for people's eyes; see `spreadsheet-csv.ts`. */
export const forSpreadsheet = inQuery(
  'spreadsheet',
  { type: 'boolean' },
  'Whether texts that a spreadsheet would run as a formula have a quote before them.',
);
export const nextOfPage = { next: z.string().nullable() };
