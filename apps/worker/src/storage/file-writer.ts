import type { CatalogFileKind, StoredCatalogFile } from '@arbor/db/catalog';
import type { NewSegment } from '@arbor/engine/rewrite';
import type { ObjectStore } from '@arbor/object-store/object-store';
import { newObjectKey } from './object-keys.ts';

/** What a new file is, besides its bytes. */
export interface NewFile {
  readonly shard: number;
  readonly project: number;
  readonly kind: CatalogFileKind;
  readonly day: number | null;
  readonly generation: number;
  /** An import makes it, and commits it later. */
  readonly isImported?: boolean;
}

/** Puts bytes into the object store under a new key; answers what the catalog is to say of them. */
export async function writeFile(
  objects: ObjectStore,
  file: NewFile,
  { bytes, meta = {}, rowCount = 0 }: { bytes: Uint8Array; meta?: unknown; rowCount?: number },
): Promise<StoredCatalogFile> {
  const { project, kind, day, generation } = file;
  const key = newObjectKey(file);
  // The key is new: 'exists' can only be an answer to a request that the store's client repeated.
  await objects.put(key, bytes, { ifAbsent: true });
  return { key, kind, project, day, generation, bytes: bytes.length, rowCount, meta };
}

/** The same for a segment. */
export function writeSegment(
  objects: ObjectStore,
  file: Omit<NewFile, 'kind'> & { readonly day: number },
  { bytes, meta }: NewSegment,
): Promise<StoredCatalogFile> {
  const segment = { ...file, kind: 'segment' as const };
  return writeFile(objects, segment, { bytes, meta, rowCount: meta.rowCount });
}
