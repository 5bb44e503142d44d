import { randomUUID } from 'node:crypto';
import type { CatalogFileKind } from '@arbor/db/catalog';

/** The prefix of every object of a shard. */
export const shardPrefix = (shard: number): string => `shard-${String(shard).padStart(4, '0')}/`;

const suffixes: Record<CatalogFileKind, string> = {
  segment: 'arseg',
  users: 'aruser',
  people: 'arppl',
  covered: 'arcov',
};

/** In the names of segments that an import made: they may wait long for their commit, whatever is committed meanwhile. */
const importMark = 'import-';

/** Whether an import made the object. */
export const isImportedKey = (key: string): boolean => key.includes(importMark);

/**
 * A key that was never used and never will be again, as the catalog demands: an object that a failed job
 * left behind is never taken for that of the next one. Day and project are in it for people who look.
 */
export function newObjectKey(file: {
  shard: number;
  project: number;
  kind: CatalogFileKind;
  day: number | null;
  isImported?: boolean;
}): string {
  const { shard, project, kind, day, isImported = false } = file;
  const date = day === null ? '' : `${new Date(day * 86_400_000).toISOString().slice(0, 10)}-`;
  return `${shardPrefix(shard)}${project}/${kind}/${date}${isImported ? importMark : ''}${randomUUID()}.${suffixes[kind]}`;
}
