import type { SegmentPart } from '../query/scan/project-snapshot.ts';
import { OddSegments } from './copies/odd-segments.ts';
import type { SearchedPairs } from './copies/segment-copies.ts';
import { PeopleBase } from './people/people-base.ts';
import type { PeopleLayer } from './people/people-layer.ts';
import type { HiddenInSegment, SegmentEntry } from './shard-catalog.ts';
import { withHiddenRows } from './hidden-part.ts';
import { BaseLinks } from './users/base-links.ts';
import { UserBase } from './users/user-base.ts';

/** A segment of a day, with what the catalog says of it. */
export interface BaseSegment {
  readonly entry: SegmentEntry;
  /** Without the rows that other segments of the version hide. */
  readonly part: SegmentPart;
  /** Rows of other segments of the version that have a later copy here. */
  readonly hides: readonly HiddenInSegment[];
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
  /** Rows of the segments whose time the edge changed. */
  readonly odd: OddSegments;
  /** Among which segments copies at different times were looked for. */
  readonly searchedPairs: SearchedPairs;
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
    odd: new OddSegments(),
    searchedPairs: new Map(),
  };
}

/** The segments of a version in the order of a snapshot. `found` = what they hide besides what the catalog says. */
export function baseSegments(
  entries: readonly SegmentEntry[],
  found: ReadonlyMap<string, readonly HiddenInSegment[]> = new Map(),
): BaseSegment[] {
  const ordered = [...entries].sort(
    (entry, other) => entry.day - other.day || entry.generation - other.generation,
  );
  const hidesOf = ({ id, meta }: SegmentEntry): HiddenInSegment[] => {
    return [...(meta.hides ?? []), ...(found.get(id) ?? [])];
  };
  const hidden = hiddenRowsOf(entries, entries.flatMap(hidesOf));
  return ordered.map((entry) => {
    const { id, path, meta } = entry;
    const { rowCount, events } = meta;
    const part: SegmentPart = {
      type: 'segment',
      id,
      path,
      rowCount,
      events,
      hiddenRows: noRows,
      propertyNames: () => meta.properties.map(({ name }) => name),
    };
    const rows = hidden.get(id);
    return { entry, part: rows ? withHiddenRows(part, rows) : part, hides: hidesOf(entry) };
  });
}

const noRows = new Uint32Array(0);

/** Rows of the segments that others of them hide, by segment id. */
function hiddenRowsOf(
  entries: readonly SegmentEntry[],
  hides: readonly HiddenInSegment[],
): ReadonlyMap<string, Uint32Array> {
  const ids = new Set(entries.map(({ id }) => id));
  const hidden = new Map<string, Set<number>>();
  for (const { segment, rows } of hides) {
    if (!ids.has(segment)) continue;
    const all = hidden.get(segment) ?? new Set();
    for (const row of rows) all.add(row);
    hidden.set(segment, all);
  }
  return new Map(Array.from(hidden, ([id, rows]) => [id, Uint32Array.from(rows).sort()] as const));
}
