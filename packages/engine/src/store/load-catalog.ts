import { EngineError } from '../base/errors.ts';
import type { Slices } from '../base/slices.ts';
import { decodePeopleFile } from '../format/people-file.ts';
import { fileSource } from '../format/segment/byte-source.ts';
import { SegmentFile } from '../format/segment/segment-file.ts';
import { UsersFile } from '../format/users-file.ts';
import { oddRowsOf, readOddRows } from './copies/odd-rows.ts';
import { OddSegments } from './copies/odd-segments.ts';
import { copiesOfUnsearched } from './copies/segment-copies.ts';
import { CoveredBatches, CoveredFileDigests } from './covered-batches.ts';
import { PeopleBase } from './people/people-base.ts';
import { PeopleLayer } from './people/people-layer.ts';
import { baseSegments, type ProjectBase } from './project-base.ts';
import { readSegment } from './read-segment.ts';
import type { CatalogFile, ProjectFiles, ShardCatalog } from './shard-catalog.ts';
import { BaseLinks } from './users/base-links.ts';
import { UserBase } from './users/user-base.ts';

/** A version of the catalog, read as far as a store needs it in memory. Never changes. */
export interface CatalogBase {
  readonly version: number;
  readonly projects: ReadonlyMap<number, ProjectBase>;
  readonly covered: CoveredBatches;
  /** By file id. */
  readonly coveredFiles: ReadonlyMap<string, CoveredFileDigests>;
}

export const emptyBase: CatalogBase = {
  version: 0,
  projects: new Map(),
  covered: new CoveredBatches(),
  coveredFiles: new Map(),
};

export interface LoadContext {
  readonly shard: number;
  readonly readFile: (path: string) => Promise<Uint8Array>;
  readonly slices: Slices;
}

/**
 * Reads what `before` does not know yet. Rejects with `CATALOG_UNREADABLE` where a file cannot be read or does not fit
 * the others, and as the formats say where it is damaged; then `before` still holds.
 */
export async function loadCatalog(
  catalog: ShardCatalog,
  before: CatalogBase,
  context: LoadContext,
): Promise<CatalogBase> {
  const coveredFiles = new Map<string, CoveredFileDigests>();
  for (const file of catalog.covered) {
    const known = before.coveredFiles.get(file.id);
    const digests = known ?? new CoveredFileDigests(file, await read(file, context), context.shard);
    coveredFiles.set(file.id, digests);
    await context.slices.pause();
  }
  const projects = new Map<number, ProjectBase>();
  for (const [project, files] of catalog.projects) {
    projects.set(project, await loadProject(project, files, before.projects.get(project), context));
  }
  const isSame =
    coveredFiles.size === before.coveredFiles.size &&
    [...coveredFiles.keys()].every((id) => before.coveredFiles.has(id));
  return {
    version: catalog.version,
    projects,
    covered: isSame ? before.covered : new CoveredBatches([...coveredFiles.values()]),
    coveredFiles,
  };
}

async function loadProject(
  project: number,
  files: ProjectFiles,
  before: ProjectBase | undefined,
  context: LoadContext,
): Promise<ProjectBase> {
  const { users, userCount, links } = await loadUsers(project, files, before, context);
  const { people, peopleLayers } = await loadPeople({ project, files, before, userCount }, context);
  const userId = (ordinal: number): string => (ordinal === 0 ? '' : users.ids.text(ordinal));
  const owner = { project, shard: context.shard };
  const odd = await loadOddRows({ ...owner, files, before, userId }, context.slices);
  const { hides, pairs: searchedPairs } = await copiesOfUnsearched(
    files.segments,
    before?.searchedPairs ?? new Map(),
    { ...owner, odd, userId, slices: context.slices },
  );
  const segments = baseSegments(files.segments, hides);
  return { users, userCount, links, people, peopleLayers, segments, odd, searchedPairs };
}

async function loadUsers(
  project: number,
  files: ProjectFiles,
  before: ProjectBase | undefined,
  context: LoadContext,
): Promise<Pick<ProjectBase, 'users' | 'userCount' | 'links'>> {
  const users = await takeUsers(project, files.users, before?.users ?? new UserBase(), context);
  // Not "did a file bring links": an attempt that failed later may have taken the file in already, and a merged file
  // says again what its pieces said.
  const all = users.linksOf(files.users.map(({ id }) => id));
  const links = before?.links.isOf(all)
    ? before.links
    : new BaseLinks(all, (ordinal) => users.ids.text(ordinal));
  return { users, userCount: users.count, links };
}

async function loadPeople(
  {
    project,
    files,
    before,
    userCount,
  }: {
    readonly project: number;
    readonly files: ProjectFiles;
    readonly before: ProjectBase | undefined;
    readonly userCount: number;
  },
  context: LoadContext,
): Promise<Pick<ProjectBase, 'people' | 'peopleLayers'>> {
  const peopleLayers = new Map<string, PeopleLayer>();
  for (const file of files.people) {
    const known = before?.peopleLayers.get(file.id);
    const layer = known ?? (await readLayer(project, file, context));
    if ((layer.ordinals.at(-1) ?? 0) > userCount) {
      throw new EngineError(
        'CATALOG_UNREADABLE',
        `people file ${file.id}: names user ${layer.ordinals.at(-1)}, only ${userCount} are known: a users file is missing`,
      );
    }
    peopleLayers.set(file.id, layer);
    await context.slices.pause();
  }
  const layers = [...peopleLayers.values()];
  const isSame =
    before?.userCount === userCount &&
    layers.length === before.people.layers.length &&
    layers.every((layer, i) => layer === before.people.layers[i]);
  return { people: isSame ? before.people : new PeopleBase(layers, userCount), peopleLayers };
}

/**
 * The base with the files taken in; where one of them is of a later edition, another base out of all files, because an
 * older version of the catalog may still read what the first one says.
 */
async function takeUsers(
  project: number,
  files: readonly CatalogFile[],
  base: UserBase,
  context: LoadContext,
): Promise<UserBase> {
  let users = base;
  for (let i = 0; i < files.length; i++) {
    if (users.knowsFile(files[i].id)) continue;
    const bytes = await read(files[i], context);
    const file = UsersFile.open(bytes, { project, shard: context.shard });
    if (file.edition > users.edition) {
      users = new UserBase(file.edition);
      i = -1;
      continue;
    }
    await users.take(files[i].id, file, context.slices);
  }
  return users;
}

interface OddRowsOptions {
  readonly project: number;
  readonly shard: number;
  readonly files: ProjectFiles;
  readonly before: ProjectBase | undefined;
  readonly userId: (ordinal: number) => string;
}

/** Of all segments: a client may give the same event again at any time. Most have none, and are not opened. */
async function loadOddRows(
  { project, shard, files, before, userId }: OddRowsOptions,
  slices: Slices,
): Promise<OddSegments> {
  const odd = OddSegments.of(before?.odd, new Set(files.segments.map(({ id }) => id)));
  for (const { id, path, day, meta } of files.segments) {
    if (meta.oddRowCount === 0 || odd.has(id)) continue;
    const head = { project, shard, day };
    const file = SegmentFile.open(fileSource(path), head);
    try {
      const rows = await readOddRows(file, userId, slices);
      odd.add(id, rows, () => readSegment(path, head, (again) => oddRowsOf(again, userId)));
    } finally {
      file.close();
    }
  }
  return odd;
}

async function readLayer(
  project: number,
  file: CatalogFile,
  context: LoadContext,
): Promise<PeopleLayer> {
  const bytes = await read(file, context);
  return new PeopleLayer(decodePeopleFile(bytes, { project, shard: context.shard }));
}

async function read(file: CatalogFile, { readFile }: LoadContext): Promise<Uint8Array> {
  try {
    return await readFile(file.path);
  } catch (cause) {
    throw new EngineError(
      'CATALOG_UNREADABLE',
      `file ${file.id} of the catalog cannot be read at ${file.path}: fetch it again`,
      { cause },
    );
  }
}
