import type { SegmentPart } from '../query/scan/project-snapshot.ts';
import { PeopleBase } from './people/people-base.ts';
import type { PeopleLayer } from './people/people-layer.ts';
import type { SegmentEntry } from './shard-catalog.ts';
import { BaseLinks } from './users/base-links.ts';
import { UserBase } from './users/user-base.ts';

/** A segment of a day, with what the catalog says of it. */
export interface BaseSegment {
  readonly entry: SegmentEntry;
  /** Nothing hidden. */
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
  };
}

export function baseSegments(entries: readonly SegmentEntry[]): BaseSegment[] {
  const ordered = [...entries].sort(
    (entry, other) => entry.day - other.day || entry.generation - other.generation,
  );
  return ordered.map((entry) => {
    const { id, path, meta } = entry;
    const { rowCount, events } = meta;
    return {
      entry,
      part: { type: 'segment', id, path, rowCount, events, hiddenRows: new Uint32Array(0) },
    };
  });
}
