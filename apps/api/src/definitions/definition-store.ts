import type { Db, DbJson, DbTransaction } from '@arbor/db';
import { isUniqueViolation } from '@arbor/db';
import type { DefinitionKind, Uploaded } from '@arbor/schema/definitions';
import { recordIn } from '../audit/audit-log.ts';
import { ApiError } from '../errors.ts';
import { newDefinitionId } from './definition-id.ts';

/** A definition as it is stored; `definition` and `uploaded` are checked by whoever reads them. */
export interface DefinitionRow {
  readonly id: string;
  readonly kind: DefinitionKind;
  readonly name: string;
  readonly description: string;
  readonly definition: unknown;
  readonly contentId: string | null;
  readonly uploaded: unknown;
  readonly createdBy: string;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  readonly archivedAt: Date | null;
}

/** Something of one project, by its id. */
export interface DefinitionKey {
  readonly projectId: number;
  readonly kind: DefinitionKind;
  readonly id: string;
}

export interface NewDefinitionRow extends Pick<
  DefinitionRow,
  'name' | 'description' | 'createdBy'
> {
  readonly definition: object;
}

export interface DefinitionRowChange {
  readonly name?: string | undefined;
  readonly description?: string | undefined;
  readonly definition?: object | undefined;
  readonly archivedAt?: Date | null | undefined;
}

/**
 * Every change raises the version of the project's definitions, and is written down with who made it (`actor`), in the
 * same transaction.
 */
export interface DefinitionStore {
  list(projectId: number, kind: DefinitionKind, archived: boolean): Promise<DefinitionRow[]>;
  find(key: DefinitionKey): Promise<DefinitionRow | null>;
  create(projectId: number, kind: DefinitionKind, row: NewDefinitionRow): Promise<DefinitionRow>;
  /** Null = there is no such thing. */
  change(
    key: DefinitionKey,
    change: DefinitionRowChange,
    actor: string,
  ): Promise<DefinitionRow | null>;
  /**
   * Puts an uploaded content in the place of the one before. `madeOf`: the content that it was made of, which must be the
   * one before (null = there was none); absent = whatever was there. CONFLICT where it is not any more.
   */
  use(
    key: DefinitionKey,
    content: {
      readonly id: string;
      readonly uploaded: Uploaded;
      readonly madeOf?: string | null;
    },
    actor: string,
  ): Promise<void>;
}

const select = {
  id: true,
  kind: true,
  name: true,
  description: true,
  definition: true,
  contentId: true,
  uploaded: true,
  createdBy: true,
  createdAt: true,
  updatedAt: true,
  archivedAt: true,
} as const;

export function createDefinitionStore(db: Db, clock: () => number): DefinitionStore {
  return {
    list: (projectId, kind, archived) =>
      db.definition.findMany({
        where: { projectId, kind, ...(archived ? {} : { archivedAt: null }) },
        select,
        orderBy: [{ name: 'asc' }, { id: 'asc' }],
      }),
    find: (key) => db.definition.findFirst({ where: key, select }),
    create: (projectId, kind, { definition, ...row }) =>
      uniquely(() =>
        db.$transaction(async (tx) => {
          await raiseVersion(tx, projectId);
          const id = newDefinitionId();
          const data = { ...row, definition: json(definition), id };
          const made = await tx.definition.create({ data: { ...data, projectId, kind }, select });
          const actor = row.createdBy;
          await write(tx, { projectId, kind, id }, { actor, verb: 'create', after: shownOf(made) });
          return made;
        }),
      ),
    change: (key, { definition, ...change }, actor) =>
      uniquely(() =>
        db.$transaction(async (tx) => {
          await raiseVersion(tx, key.projectId);
          const own = definition === undefined ? {} : { definition: json(definition) };
          const data = { ...withoutUndefined(change), ...own };
          const before = await tx.definition.findFirst({ where: key, select });
          if (before === null) return null;
          await tx.definition.updateMany({ where: key, data });
          const after = await tx.definition.findFirstOrThrow({ where: key, select });
          const changed = { before: shownOf(before), after: shownOf(after) };
          await write(tx, key, { actor, verb: 'change', ...changed });
          return after;
        }),
      ),
    use: async (key, { id: contentId, uploaded, madeOf }, actor) => {
      await db.$transaction(async (tx) => {
        await raiseVersion(tx, key.projectId);
        const before = await tx.definition.findFirst({
          where: key,
          select: { contentId: true, uploaded: true },
        });
        if (before === null) throw gone(key);
        if (madeOf !== undefined && before.contentId !== madeOf) throw changedMeanwhile(key);
        if (before.contentId !== null) {
          const unusedAt = new Date(clock());
          await tx.content.updateMany({ where: { id: before.contentId }, data: { unusedAt } });
        }
        await tx.content.update({ where: { id: contentId }, data: { unusedAt: null } });
        await tx.definition.updateMany({
          where: key,
          data: { contentId, uploaded: json(uploaded) },
        });
        await write(tx, key, { actor, verb: 'upload', before: before.uploaded, after: uploaded });
      });
    },
  };
}

/** What people can change of a definition. */
function shownOf({ name, description, definition, archivedAt }: DefinitionRow) {
  return { name, description, definition, archived: archivedAt !== null };
}

async function write(
  tx: DbTransaction,
  { projectId, kind, id }: DefinitionKey,
  entry: {
    readonly actor: string;
    readonly verb: 'create' | 'change' | 'upload';
    readonly before?: unknown;
    readonly after: unknown;
  },
): Promise<void> {
  const { actor, verb, ...details } = entry;
  await recordIn(tx, { projectId, actor, action: `${kind}.${verb}`, target: id, details });
}

/** Also the lock that lets one change of a project's definitions follow the other. */
export async function raiseVersion(tx: DbTransaction, projectId: number): Promise<void> {
  const data = { definitionsVersion: { increment: 1 } };
  await tx.project.update({ where: { id: projectId }, data, select: { id: true } });
}

/** Everything that is stored here was read from JSON or checked by a schema of JSON. */
export function json(value: object): DbJson {
  return value as DbJson;
}

export function gone({ kind, id }: Pick<DefinitionKey, 'kind' | 'id'>): ApiError {
  const what = kind.replaceAll('_', ' ');
  return new ApiError('NOT_FOUND', `there is no ${what} with the id "${id}" in this project`);
}

/** What was added to is not there any more: somebody else added to it, put another file there or was erased from it. */
export function changedMeanwhile({ kind, id }: Pick<DefinitionKey, 'kind' | 'id'>): ApiError {
  const what = kind.replaceAll('_', ' ');
  return new ApiError('CONFLICT', `the list of the ${what} "${id}" was changed meanwhile`);
}

async function uniquely<T>(change: () => Promise<T>): Promise<T> {
  try {
    return await change();
  } catch (cause) {
    if (!isUniqueViolation(cause)) throw cause;
    throw new ApiError('CONFLICT', 'another lookup table of this project has the name already', {
      cause,
    });
  }
}

type Defined<T> = { [K in keyof T]: Exclude<T[K], undefined> };

function withoutUndefined<T extends object>(value: T): Partial<Defined<T>> {
  const entries = Object.entries(value).filter(([, own]) => own !== undefined);
  return Object.fromEntries(entries) as Partial<Defined<T>>;
}
