import type { Db, DbJson, DbTransaction } from '@arbor/db';
import { recordIn } from '../audit/audit-log.ts';
import type { LexiconSchemas, SchemaEntity, SchemaKey } from './ports.ts';
import { raiseVersion } from './definition-store.ts';

/** What scripts say of events and profiles; of events the lexicon takes what it knows of. */
export function createLexiconSchemas(db: Db): LexiconSchemas {
  return {
    list: async (projectId, key) => {
      const rows = await db.lexiconSchema.findMany({
        where: whereOf(projectId, key),
        orderBy: [{ entityType: 'asc' }, { name: 'asc' }],
      });
      // Written here alone, as one of the two.
      return rows.map(({ entityType, name, schema }) => ({
        entityType: entityType as SchemaEntity,
        name,
        schemaJson: schema as Readonly<Record<string, unknown>>,
      }));
    },
    write: (projectId, entries, { truncate, actor }) =>
      db.$transaction(async (tx) => {
        await raiseVersion(tx, projectId);
        const removed = truncate
          ? await tx.lexiconSchema.deleteMany({ where: { projectId } })
          : null;
        for (const entry of entries) await writeOne(tx, projectId, entry);
        await recordIn(tx, {
          projectId,
          actor,
          action: 'lexicon.schemas',
          details: { truncate, names: entries.map(({ name }) => name) },
        });
        return { added: entries.length, deleted: removed?.count ?? 0 };
      }),
    remove: (projectId, key, actor) =>
      db.$transaction(async (tx) => {
        const { count } = await tx.lexiconSchema.deleteMany({ where: whereOf(projectId, key) });
        if (count > 0) {
          const details = { ...key, count };
          await recordIn(tx, { projectId, actor, action: 'lexicon.schemas.delete', details });
        }
        return count;
      }),
  };
}

function whereOf(projectId: number, { entityType, name }: SchemaKey) {
  return { projectId, ...(entityType && { entityType }), ...(name !== undefined && { name }) };
}

async function writeOne(
  tx: DbTransaction,
  projectId: number,
  { entityType, name, schemaJson }: Parameters<LexiconSchemas['write']>[1][number],
): Promise<void> {
  const where = { projectId_entityType_name: { projectId, entityType, name } };
  const before = await tx.lexiconSchema.findUnique({ where });
  const schema = merged(objectOf(before?.schema), schemaJson) as DbJson;
  await tx.lexiconSchema.upsert({
    where,
    create: { projectId, entityType, name, schema },
    update: { schema },
  });
  if (entityType !== 'event') return;
  const own = objectOf(objectOf(objectOf(schema)['metadata'])['com.mixpanel']);
  const described = objectOf(schema)['description'];
  const said = {
    ...(typeof described === 'string' && { description: described }),
    ...(typeof own['displayName'] === 'string' && { displayName: own['displayName'] }),
    ...(typeof own['hidden'] === 'boolean' && { hidden: own['hidden'] }),
  };
  await tx.lexiconEntry.upsert({
    where: { projectId_entity_name: { projectId, entity: 'event', name } },
    create: { projectId, entity: 'event', name, ...said },
    update: said,
  });
}

/** What is written takes the place of what was; metadata is merged, and what is null there goes. */
function merged(
  before: Readonly<Record<string, unknown>>,
  schema: Readonly<Record<string, unknown>>,
): object {
  const known = objectOf(objectOf(before['metadata'])['com.mixpanel']);
  const given = objectOf(objectOf(schema['metadata'])['com.mixpanel']);
  const both = Object.entries({ ...known, ...given }).filter(([, value]) => value !== null);
  if (both.length === 0) return schema;
  return { ...schema, metadata: { 'com.mixpanel': Object.fromEntries(both) } };
}

function objectOf(value: unknown): Readonly<Record<string, unknown>> {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return {};
  return value as Readonly<Record<string, unknown>>;
}
