import type { Slices } from '../../base/slices.ts';
import { dayMs } from '../../format/segment/segment-rows.ts';
import { readSegment } from '../read-segment.ts';
import type { HiddenInSegment, SegmentEntry } from '../shard-catalog.ts';
import type { FoundCopy, OddRow } from './odd-rows.ts';
import type { OddSegments } from './odd-segments.ts';
import { findUnchanged } from './unchanged-rows.ts';

/** Copies of one event in two segments: of each pair the row in `hidden` has a later copy in `by`. */
interface HiddenCopy {
  readonly by: string;
  readonly hidden: string;
  readonly row: number;
}

/** What was found between two segments, whose files never change, by their ids. */
export type SearchedPairs = ReadonlyMap<string, readonly HiddenCopy[]>;

export interface CopiesContext {
  readonly project: number;
  readonly shard: number;
  readonly odd: OddSegments;
  readonly userId: (ordinal: number) => string;
  readonly slices: Slices;
}

/**
 * Copies at different times that both lie in segments. An index job looks for them before it commits; here they
 * are found for segments of which nobody looked (`SegmentMeta.isUnsearched`), from the files alone, so that every
 * replica finds the same. Answers by segment what it hides in others.
 */
export async function copiesOfUnsearched(
  entries: readonly SegmentEntry[],
  before: SearchedPairs,
  context: CopiesContext,
): Promise<{
  readonly hides: ReadonlyMap<string, readonly HiddenInSegment[]>;
  pairs: SearchedPairs;
}> {
  const pairs = new Map<string, readonly HiddenCopy[]>();
  const byId = new Map(entries.map((entry) => [entry.id, entry]));
  const search = async (odd: SegmentEntry, other: SegmentEntry): Promise<void> => {
    const name = `${odd.id} ${other.id}`;
    if (odd === other || pairs.has(name)) return;
    const known = before.get(name);
    if (!known) await context.slices.pause();
    pairs.set(name, known ?? searchPair(odd, other, context));
  };
  for (const entry of entries) {
    if (entry.meta.isUnsearched !== true) continue;
    const dayStart = entry.day * dayMs;
    for (const id of context.odd.sentBetween(dayStart, dayStart + dayMs - 1)) {
      const odd = byId.get(id);
      if (odd) await search(odd, entry);
    }
    if (entry.meta.oddRowCount === 0) continue;
    for (const other of entries) await search(entry, other);
  }
  return { hides: hidesOf(pairs), pairs };
}

/** Rows of `odd` whose time was changed, against those of the other that kept theirs and those that did not. */
function searchPair(odd: SegmentEntry, other: SegmentEntry, context: CopiesContext): HiddenCopy[] {
  const { project, shard, userId } = context;
  const rows = context.odd.rows(odd.id);
  const otherOdd = context.odd.has(other.id) ? context.odd.rows(other.id) : undefined;
  const found: HiddenCopy[] = [];
  const wanted: OddRow[] = [];
  const dayStart = other.day * dayMs;
  for (let i = 0; i < rows.count; i++) {
    const one = rows.at(i);
    const copy = otherOdd?.find(one);
    if (copy) found.push(judge(odd, one, other, copy));
    if (one.sentTime >= dayStart && one.sentTime < dayStart + dayMs) wanted.push(one);
  }
  if (wanted.length === 0) return found;
  const copies = readSegment(other.path, { project, shard, day: other.day }, (file) =>
    findUnchanged(file, wanted, userId),
  );
  for (const one of wanted) {
    const copy = copies.get(one);
    if (copy) found.push(judge(odd, one, other, copy));
  }
  return found;
}

/** The one with the greater sequence stays; of equal ones that of the later generation, then of the later day. */
function judge(
  entry: SegmentEntry,
  copy: FoundCopy,
  otherEntry: SegmentEntry,
  other: FoundCopy,
): HiddenCopy {
  const difference =
    copy.sequence - other.sequence ||
    entry.generation - otherEntry.generation ||
    entry.day - otherEntry.day;
  return difference > 0
    ? { by: entry.id, hidden: otherEntry.id, row: other.row }
    : { by: otherEntry.id, hidden: entry.id, row: copy.row };
}

function hidesOf(pairs: SearchedPairs): ReadonlyMap<string, readonly HiddenInSegment[]> {
  const hides = new Map<string, Map<string, number[]>>();
  for (const { by, hidden, row } of [...pairs.values()].flat()) {
    const own = hides.get(by) ?? new Map<string, number[]>();
    hides.set(by, own.set(hidden, [...(own.get(hidden) ?? []), row]));
  }
  return new Map(
    Array.from(hides, ([by, own]) => [
      by,
      Array.from(own, ([segment, rows]) => ({ segment, rows: rows.sort((a, b) => a - b) })),
    ]),
  );
}
