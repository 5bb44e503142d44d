import type { SegmentPart } from '../query/scan/project-snapshot.ts';
import type { OddRows } from './copies/odd-rows.ts';
import { PeopleBase } from './people/people-base.ts';
import type { PeopleLayer } from './people/people-layer.ts';
import type { SegmentEntry } from './shard-catalog.ts';
import { withHiddenRows } from './hidden-part.ts';
import { BaseLinks } from './users/base-links.ts';
import { UserBase } from './users/user-base.ts';

/** A segment of a day, with what the catalog says of it. */
export interface BaseSegment {
  readonly entry: SegmentEntry;
  /** Without the rows that other segments of the version hide. */
  readonly part: SegmentPart;
}

/** What the catalog holds of one project at one version. Its pieces stay the same objects where nothing changed. */
export interface ProjectBase {
  readonly users: UserBase;
  /** Which of `users` belong to this version. */
  readonly userCount: number;
  readonly links: BaseLinks;
  readonly people: PeopleBase;
  /** By file id, so that the next version need not read them again. */
  readonly peopleLayers: ReadonlyMap<string, PeopleLayer>;
  /** Ascending by day, those of a day in the order of their generations. */
  readonly segments: readonly BaseSegment[];
  /** Rows whose time the edge changed, of recent segments by their id. */
  readonly oddRows: ReadonlyMap<string, OddRows>;
}

/** Of a project that the catalog does not know. */
export function emptyProjectBase(): ProjectBase {
  return {
    users: new UserBase(),
    userCount: 0,
    links: new BaseLinks([], () => ''),
    people: new PeopleBase(),
    peopleLayers: new Map(),
    segments: [],
    oddRows: new Map(),
  };
}

/** The segments of a version in the order of a snapshot. */
export function baseSegments(entries: readonly SegmentEntry[]): BaseSegment[] {
  const ordered = [...entries].sort(
    (entry, other) => entry.day - other.day || entry.generation - other.generation,
  );
  const hidden = hiddenRowsOf(entries);
  return ordered.map((entry) => {
    const { id, path, meta } = entry;
    const { rowCount, events } = meta;
    const part: SegmentPart = { type: 'segment', id, path, rowCount, events, hiddenRows: noRows };
    const rows = hidden.get(id);
    return { entry, part: rows ? withHiddenRows(part, rows) : part };
  });
}

const noRows = new Uint32Array(0);

/** Rows of the segments that others of them hide, by segment id. */
export function hiddenRowsOf(entries: readonly SegmentEntry[]): ReadonlyMap<string, Uint32Array> {
  const ids = new Set(entries.map(({ id }) => id));
  const hidden = new Map<string, Set<number>>();
  for (const { meta } of entries) {
    for (const { segment, rows } of meta.hides ?? []) {
      if (!ids.has(segment)) continue;
      const all = hidden.get(segment) ?? new Set();
      for (const row of rows) all.add(row);
      hidden.set(segment, all);
    }
  }
  return new Map(Array.from(hidden, ([id, rows]) => [id, Uint32Array.from(rows).sort()] as const));
}
