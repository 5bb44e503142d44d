import { randomUUID } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { commitCatalog, readCatalog, type StoredCatalogFile } from '@arbor/db/catalog';
import { openFolderStore } from '@arbor/object-store/folder-store';
import pg from 'pg';
import { runProgram } from '../child-process.ts';
import type { BenchFolder } from '../data-folder.ts';
import type { BenchOptions } from '../options.ts';
import type { LoadReport } from '../peers/peer.ts';
import type { GenerateState } from '../steps/generate.ts';
import { ArborStack } from './arbor-stack.ts';
import { benchProject, benchShard } from './bench-project.ts';
import type { DaysEncoded, EncodedDay, EncodeJob } from './encode-days.ts';
import type { PeopleJob } from './encode-people.ts';
import { segmentColumnBytes } from './segment-sizes.ts';

/** What was committed: the engine as a library opens the same files without a database. */
export type CatalogList = readonly StoredCatalogFile[];

/** Profiles of all users are in memory at once. */
const peopleFlags = ['--max-old-space-size=8192'];

/**
 * Puts the project into a new stack as a bulk import would leave it: segments, user dictionary and profiles
 * in the object store, named by one version of the shard's catalog.
 */
export async function loadArbor(
  folder: BenchFolder,
  world: GenerateState,
  options: BenchOptions,
): Promise<{ report: LoadReport; files: CatalogList }> {
  fs.rmSync(folder.stack, { recursive: true, force: true });
  const drafts = path.join(folder.root, 'segments');
  fs.mkdirSync(drafts, { recursive: true });
  const started = performance.now();
  const days = await encodeAll(folder, drafts, world, options);
  const encoded = performance.now();
  const objects = path.join(folder.stack, 'objects');
  const files = await ArborStack.with({ dataDir: folder.stack, ...options }, async (stack) => {
    await stack.setWeekStart();
    return commit(stack.databaseUrl, objects, drafts, days);
  });
  const bytes = days.reduce((sum, { file }) => sum + fs.statSync(file).size, 0);
  const columns = segmentColumnBytes(days.map(({ file }) => file));
  fs.rmSync(drafts, { recursive: true });
  const report: LoadReport = {
    rows: days.reduce((sum, { rowCount }) => sum + rowCount, 0),
    seconds: (encoded - started) / 1000,
    bytesPerEvent: bytes / world.events,
    columns: Object.fromEntries([...columns].map(([name, size]) => [name, size / world.events])),
  };
  return { report, files };
}

async function encodeAll(
  folder: BenchFolder,
  outDirectory: string,
  world: GenerateState,
  options: BenchOptions,
): Promise<EncodedDay[]> {
  const { events, seed, insertIds } = options;
  const people: PeopleJob = { root: folder.root, events, seed, outDirectory };
  await runProgram('arbor/encode-people.ts', people, { flags: peopleFlags });
  const parts = 2;
  const jobs = Array.from({ length: parts }, (_, part): EncodeJob => ({
    root: folder.root,
    ordinalsFile: path.join(outDirectory, 'ordinals.u32'),
    outDirectory,
    rowCounts: world.perDay,
    insertIds,
    part,
    parts,
  }));
  const done = await Promise.all(
    jobs.map((job) => runProgram<DaysEncoded>('arbor/encode-days.ts', job)),
  );
  return done.flatMap(({ days }) => days).sort((a, b) => a.day - b.day);
}

async function commit(
  databaseUrl: string,
  objects: string,
  drafts: string,
  days: readonly EncodedDay[],
): Promise<CatalogList> {
  const store = await openFolderStore(objects);
  const put = async (
    draft: string,
    file: Omit<StoredCatalogFile, 'key' | 'bytes' | 'project' | 'generation'>,
  ): Promise<StoredCatalogFile> => {
    const bytes = fs.readFileSync(draft);
    const shard = `shard-${String(benchShard).padStart(4, '0')}`;
    const extension = path.extname(draft);
    const key = `${shard}/${benchProject.id}/${file.kind}/bench-${randomUUID()}${extension}`;
    await store.put(key, bytes, { ifAbsent: true });
    return { ...file, key, bytes: bytes.length, project: benchProject.id, generation: 1 };
  };
  const none = { day: null, rowCount: 0, meta: {} };
  const add = [
    await put(path.join(drafts, 'users.aruser'), { kind: 'users', ...none }),
    await put(path.join(drafts, 'people.arppl'), { kind: 'people', ...none }),
  ];
  for (const { day, file, rowCount, meta } of days) {
    add.push(await put(file, { kind: 'segment', day, rowCount, meta }));
  }
  const pool = new pg.Pool({ connectionString: databaseUrl, max: 1 });
  try {
    const { version } = await readCatalog(pool, benchShard);
    const change = { shard: benchShard, expectedVersion: version, add, remove: [] };
    const { outcome } = await commitCatalog(pool, change);
    if (outcome === 'conflict') throw new Error(`shard ${benchShard} changed while it was loaded`);
    return add;
  } finally {
    await pool.end();
    store.close();
  }
}
