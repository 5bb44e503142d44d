import { z } from 'zod';
import { nameOf } from '../../auth/name-of.ts';
import type { LexiconSchemas, SchemaEntity } from '../../definitions/ports.ts';
import { ApiError } from '../../errors.ts';
import type { Asked, Endpoint } from '../endpoint.ts';

/** `query-api.md` 17. */
const base = '/projects/:project/schemas';
/** Mixpanel's, of a minute. */
const entriesMax = 4000;

const types = ['array', 'boolean', 'integer', 'null', 'number', 'object', 'string'] as const;
const schemaSchema = z.looseObject({
  description: z.string().optional(),
  properties: z.record(z.string(), z.looseObject({ type: z.enum(types).optional() })).optional(),
  metadata: z.looseObject({}).optional(),
});
const entrySchema = z.object({
  entityType: z.enum(['event', 'profile']),
  name: z.string().min(1).max(255),
  schemaJson: schemaSchema,
});

const entriesSchema = z.object({ entries: z.array(entrySchema).max(entriesMax) });

export function schemaEndpoints(schemas: LexiconSchemas): readonly Endpoint[] {
  const remove = async (asked: Asked, key: Parameters<LexiconSchemas['remove']>[1]) =>
    ok({ delete_count: await schemas.remove(asked.project.id, key, nameOf(asked.by)) });
  return [
    {
      path: base,
      methods: ['GET'],
      handle: async ({ project }) => ok(await schemas.list(project.id, {})),
    },
    {
      path: base,
      methods: ['POST'],
      needed: 'admin',
      handle: async ({ project, parameters, by }) => {
        const { entries } = parsed(entriesSchema, { entries: parameters.json('entries') });
        const truncate = parameters.flag('truncate') ?? false;
        return ok(await schemas.write(project.id, entries, { truncate, actor: nameOf(by) }));
      },
    },
    { path: base, methods: ['DELETE'], needed: 'admin', handle: (asked) => remove(asked, {}) },
    {
      path: `${base}/:entity`,
      methods: ['GET'],
      handle: async (asked) => ok(await schemas.list(asked.project.id, keyOf(asked))),
    },
    {
      path: `${base}/:entity`,
      methods: ['DELETE'],
      needed: 'admin',
      handle: (asked) => remove(asked, keyOf(asked)),
    },
    {
      path: `${base}/:entity/:name`,
      methods: ['GET'],
      handle: async (asked) => {
        const key = keyOf(asked);
        const [found] = await schemas.list(asked.project.id, key);
        if (found !== undefined) return ok(found.schemaJson);
        throw new ApiError('NOT_FOUND', `there is no schema of ${key.entityType} "${key.name}"`);
      },
    },
    {
      path: `${base}/:entity/:name`,
      methods: ['POST'],
      needed: 'admin',
      handle: async (asked) => {
        const { project, by, request } = asked;
        const body = Buffer.isBuffer(request.body) ? request.body.toString('utf8') : '';
        const schemaJson = parsed(schemaSchema, jsonOf(body));
        const { entityType, name = '' } = keyOf(asked);
        const entry = { entityType, name, schemaJson };
        return ok(await schemas.write(project.id, [entry], { truncate: false, actor: nameOf(by) }));
      },
    },
    {
      path: `${base}/:entity/:name`,
      methods: ['DELETE'],
      needed: 'admin',
      handle: (asked) => remove(asked, keyOf(asked)),
    },
  ];
}

const ok = (results: unknown) => ({ status: 'ok', results });

/** Of the path, or the name as a parameter. */
function keyOf({ path, parameters }: Asked): { entityType: SchemaEntity; name?: string } {
  const entity = path['entity'];
  if (entity !== 'event' && entity !== 'profile') {
    throw new ApiError('INVALID_REQUEST', `"${entity ?? ''}" is neither event nor profile`);
  }
  const name = path['name'] ?? parameters.text('entity_name');
  return { entityType: entity, ...(name !== undefined && { name }) };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new ApiError('INVALID_REQUEST', 'the body is no JSON', { cause });
  }
}

function parsed<Schema extends z.ZodType>(schema: Schema, value: unknown): z.output<Schema> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw new ApiError('INVALID_REQUEST', `${issue?.path.join('.')}: ${issue?.message}`);
}
