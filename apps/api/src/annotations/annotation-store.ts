import type { Db, DbTransaction } from '@arbor/db';
import { recordIn } from '../audit/audit-log.ts';
import { ApiError } from '../errors.ts';
import type { Annotation, Annotations } from './ports.ts';

const withTags = { tags: { select: { id: true, name: true }, orderBy: { id: 'asc' } } } as const;

export function createAnnotations(db: Db): Annotations {
  return {
    list: (projectId, { from, to }) =>
      db.annotation.findMany({
        where: {
          projectId,
          date: {
            ...(from !== undefined && { gte: from }),
            // After every time of that day.
            ...(to !== undefined && { lt: `${to} 99` }),
          },
        },
        include: withTags,
        orderBy: [{ date: 'asc' }, { id: 'asc' }],
      }),
    get: (projectId, id) => found(db, projectId, id),
    create: (projectId, { date, description, tags }, actor) =>
      db.$transaction(async (tx) => {
        const connect = await known(tx, projectId, tags);
        const data = { projectId, date, description, createdBy: actor, tags: { connect } };
        const made = await tx.annotation.create({ data, include: withTags });
        await recordIn(tx, {
          ...entryOf(projectId, made.id, actor),
          action: 'annotation.create',
          details: { after: made },
        });
        return made;
      }),
    change: (projectId, id, { tags, ...fields }, actor) =>
      db.$transaction(async (tx) => {
        const before = await found(tx, projectId, id);
        const set = tags && (await known(tx, projectId, tags));
        const data = { ...fields, ...(set && { tags: { set } }) };
        const after = await tx.annotation.update({ where: { id }, data, include: withTags });
        await recordIn(tx, {
          ...entryOf(projectId, id, actor),
          action: 'annotation.change',
          details: { before, after },
        });
        return after;
      }),
    remove: (projectId, id, actor) =>
      db.$transaction(async (tx) => {
        const before = await found(tx, projectId, id);
        await tx.annotation.delete({ where: { id } });
        await recordIn(tx, {
          ...entryOf(projectId, id, actor),
          action: 'annotation.delete',
          details: { before },
        });
      }),
    tags: (projectId) =>
      db.annotationTag.findMany({
        where: { projectId, annotations: { some: {} } },
        select: { id: true, name: true },
        orderBy: { name: 'asc' },
      }),
    tag: (projectId, name) =>
      db.annotationTag.upsert({
        where: { projectId_name: { projectId, name } },
        create: { projectId, name },
        update: {},
        select: { id: true, name: true },
      }),
  };
}

const entryOf = (projectId: number, id: number, actor: string) => ({
  projectId,
  actor,
  target: String(id),
});

async function found(db: Db | DbTransaction, projectId: number, id: number): Promise<Annotation> {
  const annotation = await db.annotation.findFirst({ where: { projectId, id }, include: withTags });
  if (annotation !== null) return annotation;
  throw new ApiError('NOT_FOUND', `there is no annotation ${id}`);
}

/** The tags of the project with these ids. */
async function known(
  tx: DbTransaction,
  projectId: number,
  ids: readonly number[],
): Promise<{ id: number }[]> {
  const tags = await tx.annotationTag.findMany({
    where: { projectId, id: { in: [...ids] } },
    select: { id: true },
  });
  const missing = ids.find((id) => !tags.some((tag) => tag.id === id));
  if (missing === undefined) return tags;
  throw new ApiError('INVALID_REQUEST', `tags: there is no tag ${missing}`);
}
