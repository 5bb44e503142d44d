import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { compactDay, encodeDay, mergeFiles, type SmallFileKind } from '../src/store/rewrite.ts';
import { forgetEvents } from '../src/store/rewrite/rewrite-users.ts';
import type {
  CatalogFile,
  IndexJob,
  ProjectFiles,
  SegmentEntry,
  ShardCatalog,
} from '../src/store/shard-catalog.ts';
import type { ShardStore } from '../src/store/shard-store.ts';
import { midnight } from './batches.ts';

/** Ids are unique for ever, also among several catalogs. */
let filesMade = 0;

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/**
 * A catalog of shard 0 and its files, in a folder: what PostgreSQL and the object store do, without them. Commits like
 * they do: whole versions, refused when the expected one has passed.
 */
export class TestCatalog {
  readonly #folder: string;
  #latest: ShardCatalog = { version: 0, projects: new Map(), covered: [] };

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** The version that is current. It never changes once handed out. */
  get latest(): ShardCatalog {
    return this.#latest;
  }

  commit(job: IndexJob): 'committed' | 'conflict' {
    if (job.expectedVersion !== this.#latest.version) return 'conflict';
    const projects = new Map(this.#latest.projects);
    const generation = this.#latest.version + 1;
    for (const { project, users, people, days } of job.projects) {
      const files: Mutable<ProjectFiles> = {
        ...(projects.get(project) ?? { users: [], people: [], segments: [] }),
      };
      if (users) files.users = [...files.users, this.#put(users)];
      if (people) files.people = [...files.people, this.#put(people)];
      const added = days.map(({ day, rows, meta }): SegmentEntry => {
        const { bytes } = encodeDay({ project, shard: 0, day }, rows, meta.hides);
        // What the catalog keeps of a segment is JSON.
        return {
          ...this.#put(bytes),
          day,
          generation,
          meta: JSON.parse(JSON.stringify(meta)) as typeof meta,
        };
      });
      files.segments = [...files.segments, ...added];
      projects.set(project, files);
    }
    this.#latest = {
      version: generation,
      projects,
      covered: [...this.#latest.covered, this.#put(job.covered)],
    };
    return 'committed';
  }

  /** Puts segments of another catalog into this one, as an import that looks for no copies does. */
  importSegments(project: number, from: readonly SegmentEntry[]): void {
    const files = this.#latest.projects.get(project) ?? { users: [], people: [], segments: [] };
    const generation = this.#latest.version + 1;
    const segments = from.map((entry) => {
      const { hides: _, ...meta } = { ...entry.meta, isUnsearched: true };
      return { ...this.#put(readFileSync(entry.path)), day: entry.day, generation, meta };
    });
    this.#replace(project, { ...files, segments: [...files.segments, ...segments] });
  }

  /** One segment a day of the project instead of several. `store` serves the current version. */
  compact(project: number, store: ShardStore): void {
    const files = this.#latest.projects.get(project);
    if (!files || store.catalogVersion !== this.#latest.version) return;
    const days = new Set(files.segments.map(({ day }) => day));
    const segments = Array.from(days, (ofDay) => {
      const entries = files.segments.filter((entry) => entry.day === ofDay);
      const ordered = entries.sort((entry, other) => entry.generation - other.generation);
      const { day, generation } = ordered[ordered.length - 1];
      const paths = ordered.map(({ path }) => path);
      const users = store.catalogUsers(project);
      const others = store.mergedWith(
        project,
        ordered.map(({ id }) => id),
      );
      const { bytes, meta } = compactDay({ project, shard: 0, day }, { paths, ...others }, users);
      return { ...this.#put(bytes), day, generation, meta };
    });
    this.#replace(project, { ...files, segments });
  }

  /** One file of the kind instead of all, as of `nowMs`. */
  mergeSmall(project: number, kind: SmallFileKind, nowMs = midnight): void {
    const files = this.#latest.projects.get(project);
    if (!files) return;
    const merged = (list: readonly CatalogFile[]): CatalogFile[] => {
      if (list.length < 2) return [...list];
      const contents = list.map(({ path }) => readFileSync(path));
      return [this.#put(mergeFiles({ kind, files: contents, isWhole: true, nowMs }))];
    };
    if (kind === 'covered') {
      const { version, projects, covered } = this.#latest;
      this.#latest = { version: version + 1, projects, covered: merged(covered) };
    } else {
      this.#replace(project, { ...files, [kind]: merged(files[kind]) });
    }
  }

  /** The dictionary of the project as a file of the next edition that says the same. */
  writeUsersAnew(project: number): void {
    const files = this.#latest.projects.get(project);
    if (!files) return;
    const contents = files.users.map(({ path }) => readFileSync(path));
    const bytes = forgetEvents(contents, new Uint32Array(0), new Uint32Array(0));
    this.#replace(project, { ...files, users: [this.#put(bytes)] });
  }

  #replace(project: number, files: ProjectFiles): void {
    const { version, projects, covered } = this.#latest;
    this.#latest = {
      version: version + 1,
      projects: new Map(projects).set(project, files),
      covered,
    };
  }

  #put(bytes: Uint8Array): CatalogFile {
    const id = `file-${++filesMade}`;
    const path = join(this.#folder, `${id}-${process.pid}`);
    writeFileSync(path, bytes);
    return { id, path };
  }
}
