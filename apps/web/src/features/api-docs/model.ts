import { z } from 'zod';

/** The part of an OpenAPI document that the page shows. */
const parameterSchema = z.object({
  name: z.string(),
  in: z.enum(['path', 'query', 'header']),
  required: z.boolean().default(false),
  description: z.string().default(''),
  schema: z.object({ type: z.string().optional(), enum: z.array(z.string()).optional() }),
});
const referenceSchema = z.object({ $ref: z.string() });
const exampleSchema = z.object({ summary: z.string(), value: z.unknown() });
const contentSchema = z.record(
  z.string(),
  z.object({ examples: z.record(z.string(), exampleSchema).optional() }),
);
const operationSchema = z.object({
  operationId: z.string(),
  tags: z.array(z.string()).min(1),
  summary: z.string(),
  parameters: z.array(z.union([parameterSchema, referenceSchema])).default([]),
  requestBody: z.object({ content: contentSchema }).optional(),
  responses: z.record(
    z.string(),
    z.object({ description: z.string(), content: contentSchema.optional() }),
  ),
});
const documentSchema = z.object({
  tags: z.array(z.object({ name: z.string() })),
  paths: z.record(z.string(), z.record(z.string(), operationSchema)),
  components: z.object({ parameters: z.record(z.string(), parameterSchema) }),
  'x-errors': z.array(
    z.object({ code: z.string(), status: z.number(), retryable: z.boolean(), help: z.string() }),
  ),
});

export type ApiParameter = z.infer<typeof parameterSchema>;
export type ApiExample = { readonly summary: string; readonly text: string };
export type ApiOperation = {
  readonly id: string;
  readonly method: string;
  readonly path: string;
  readonly summary: string;
  readonly parameters: readonly ApiParameter[];
  /** Media type of the body; null = has none. */
  readonly bodyType: string | null;
  readonly examples: readonly ApiExample[];
  /** Media types of a good answer; more than one where it can be streamed. */
  readonly answerTypes: readonly string[];
  readonly answers: readonly { readonly status: string; readonly description: string }[];
};
export type ApiGroup = { readonly name: string; readonly operations: readonly ApiOperation[] };
export type ApiDescription = {
  readonly groups: readonly ApiGroup[];
  readonly errors: z.infer<typeof documentSchema>['x-errors'];
};

/** What is shown of the document. Throws where it is not what this page knows. */
export function describeApi(document: unknown): ApiDescription {
  const { tags, paths, components, 'x-errors': errors } = documentSchema.parse(document);
  const all = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, own]) => ({
      tag: own.tags[0],
      operation: operationOf(path, method, own, components.parameters),
    })),
  );
  const groups = tags.map(({ name }) => ({
    name,
    operations: all.filter(({ tag }) => tag === name).map(({ operation }) => operation),
  }));
  return { groups: groups.filter(({ operations }) => operations.length > 0), errors };
}

function operationOf(
  path: string,
  method: string,
  own: z.infer<typeof operationSchema>,
  shared: Readonly<Record<string, ApiParameter>>,
): ApiOperation {
  const content = Object.entries(own.requestBody?.content ?? {})[0];
  const good = Object.entries(own.responses).find(([status]) => status.startsWith('2'))?.[1];
  return {
    id: own.operationId,
    method: method.toUpperCase(),
    path,
    summary: own.summary,
    parameters: own.parameters.flatMap((parameter) => {
      if (!('$ref' in parameter)) return [parameter];
      const named = shared[parameter.$ref.split('/').at(-1) ?? ''];
      return named === undefined ? [] : [named];
    }),
    bodyType: content?.[0] ?? null,
    examples: Object.values(content?.[1].examples ?? {}).map(({ summary, value }) => ({
      summary,
      text: JSON.stringify(value, null, 2),
    })),
    answerTypes: Object.keys(good?.content ?? {}),
    answers: Object.entries(own.responses).map(([status, { description }]) => ({
      status,
      description,
    })),
  };
}

/** Groups with what has every word of the search in its name, path or method. */
export function searched(groups: readonly ApiGroup[], search: string): readonly ApiGroup[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  const fits = ({ id, method, path, summary }: ApiOperation): boolean => {
    const text = `${id} ${method} ${path} ${summary}`.toLowerCase();
    return words.every((word) => text.includes(word));
  };
  return groups
    .map(({ name, operations }) => ({ name, operations: operations.filter(fits) }))
    .filter(({ operations }) => operations.length > 0);
}
