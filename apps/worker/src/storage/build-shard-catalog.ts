import type { StoredCatalog, StoredCatalogFile } from '@arbor/db/catalog';
import type { CatalogFile, ProjectFiles, SegmentEntry, ShardCatalog } from '@arbor/engine/catalog';
import { z } from 'zod';

const metaSchema = z.object({
  rowCount: z.number(),
  oddRowCount: z.number(),
  lastTime: z.number().default(86_400_000),
  events: z.array(z.object({ name: z.string(), rowCount: z.number(), userCount: z.number() })),
  properties: z.array(z.object({ name: z.string(), typeCounts: z.array(z.number()) })),
  hides: z.array(z.object({ segment: z.string(), rows: z.array(z.number()) })).default([]),
  isUnsearched: z.boolean().default(false),
});

/** A file of the catalog as the engine names it. Parsed once: it never changes. */
export type EngineFile =
  | { readonly kind: 'segment'; readonly entry: SegmentEntry }
  | { readonly kind: 'users' | 'people' | 'covered'; readonly entry: CatalogFile };

/** Throws where the catalog holds what no version of this program wrote. */
export function engineFileOf(file: StoredCatalogFile, path: string): EngineFile {
  const { key: id, kind, day, generation } = file;
  if (kind !== 'segment') return { kind, entry: { id, path } };
  const meta = metaSchema.safeParse(file.meta);
  if (day === null || !meta.success) {
    throw new Error(`catalog: segment ${id} has no day, or a description that cannot be read`);
  }
  return { kind, entry: { id, path, day, generation, meta: meta.data } };
}

interface ProjectLists {
  readonly users: CatalogFile[];
  readonly people: CatalogFile[];
  readonly segments: SegmentEntry[];
}

/**
 * The set of a shard as the engine takes it: by project, in the order of generations. `files` has an
 * entry for every key of the catalog.
 */
export function buildShardCatalog(
  catalog: StoredCatalog,
  files: ReadonlyMap<string, EngineFile>,
): ShardCatalog {
  const projects = new Map<number, ProjectLists>();
  const covered: CatalogFile[] = [];
  for (const { key, project } of inOrder(catalog)) {
    const file = files.get(key);
    if (file === undefined) throw new Error(`object ${key} of the catalog was not fetched`);
    if (file.kind === 'covered') {
      covered.push(file.entry);
      continue;
    }
    const lists = projects.get(project) ?? { users: [], people: [], segments: [] };
    projects.set(project, lists);
    if (file.kind === 'segment') lists.segments.push(file.entry);
    else lists[file.kind].push(file.entry);
  }
  return {
    version: catalog.version,
    projects: projects satisfies ReadonlyMap<number, ProjectFiles>,
    covered,
  };
}

/** By generation; what was added first comes first among equals. */
export function inOrder(catalog: StoredCatalog): StoredCatalogFile[] {
  return [...catalog.files.values()].sort((a, b) => a.generation - b.generation);
}
