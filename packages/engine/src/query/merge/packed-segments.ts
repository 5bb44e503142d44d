import type { Segment } from '@arbor/schema/result';
import { unreachable } from '../../base/assert.ts';
import type { NumberList, PackedNumbers } from './packed-numbers.ts';
import type { Cells, SegmentCells } from './partial.ts';
import { segmentKey, segmentOfKey } from './segment-groups.ts';

/**
 * The segments of a metric as a few long lists instead of an object each: thousands of them are written,
 * sent and read several times as fast. Segment s has lengths[s] entries in the lists of `cells`.
 */
export interface PackedSegments {
  /** A letter a segment. */
  readonly types: string;
  readonly texts: readonly string[];
  readonly lengths: readonly number[];
  readonly at: readonly number[];
  readonly cells: PackedCells;
}

type PackedCells =
  | { readonly type: 'counts'; readonly counts: readonly number[] }
  | {
      readonly type: 'users';
      readonly counts: readonly number[];
      /** One a segment. */
      readonly ranges: readonly number[];
    }
  | {
      readonly type: 'sums';
      readonly sums: readonly number[];
      readonly corrections: readonly number[];
      readonly counts: readonly number[];
    }
  | { readonly type: 'extremes'; readonly values: readonly number[] }
  | ({ readonly type: 'values' } & PackedLists);

/** Lists of numbers; list l has lengths[l] entries in `values` and `counts`, −1 = it is the next of `long`. */
interface PackedLists {
  readonly lengths: readonly number[];
  readonly values: readonly number[];
  readonly counts: readonly number[];
  readonly long: readonly PackedNumbers[];
}

const letterByType: Readonly<Record<Segment['type'], string>> = {
  string: 's',
  number: 'n',
  boolean: 'b',
  json: 'j',
  not_set: 'u',
  empty_string: 'e',
  other: 'o',
  range: 'r',
  non_numeric: 'x',
  group: 'g',
  remaining: 'm',
  date: 'd',
  in: 'i',
  not_in: 'I',
  event: 'v',
  combination: 'c',
};
const typeByLetter = new Map(
  Object.entries(letterByType).map(([type, letter]) => [letter, type as Segment['type']]),
);

/** Below this many an object each is as good, and easier to read. */
const packedMin = 32;

/** All cells are of one measure. Texts of distinct values stay as they are: each list has its own. */
export function packSegments(
  segments: readonly SegmentCells<Cells>[],
): readonly SegmentCells<Cells>[] | PackedSegments {
  if (segments.length < packedMin || segments[0].cells.type === 'distinct') return segments;
  const cells = segments.map((segment) => segment.cells);
  return {
    types: segments.map(({ segment }) => letterByType[segment.type]).join(''),
    // Its key says all of a segment, also of several breakdowns.
    texts: segments.map(({ segment }) => segmentKey(segment).slice(segment.type.length + 1)),
    lengths: cells.map(({ at }) => at.length),
    at: cells.flatMap(({ at }) => at),
    cells: packCells(cells),
  };
}

export function unpackSegments(
  segments: readonly SegmentCells<Cells>[] | PackedSegments,
): readonly SegmentCells<Cells>[] {
  if (!('types' in segments)) return segments;
  const { types, texts, lengths, at, cells } = segments;
  const listsOf = cells.type === 'values' ? unpackLists(cells) : [];
  let start = 0;
  return texts.map((text, index) => {
    const end = start + lengths[index];
    const own = cellsOf(cells, { index, start, end, at: at.slice(start, end), listsOf });
    start = end;
    const type = typeByLetter.get(types[index]) ?? 'json';
    return { segment: segmentOfKey(`${type}:${text}`), cells: own };
  });
}

function packCells(cells: readonly Cells[]): PackedCells {
  const { type } = cells[0];
  switch (type) {
    case 'counts':
      return { type, counts: ofType(cells, type).flatMap(({ counts }) => counts) };
    case 'users': {
      const own = ofType(cells, type);
      return {
        type,
        counts: own.flatMap(({ counts }) => counts),
        ranges: own.map(({ range }) => range),
      };
    }
    case 'sums': {
      const own = ofType(cells, type);
      return {
        type,
        sums: own.flatMap(({ sums }) => sums),
        corrections: own.flatMap(({ corrections }) => corrections),
        counts: own.flatMap(({ counts }) => counts),
      };
    }
    case 'extremes':
      return { type, values: ofType(cells, type).flatMap(({ values }) => values) };
    case 'values':
      return { type, ...packLists(ofType(cells, type).flatMap(({ values }) => values)) };
    case 'distinct':
      throw new TypeError('lists of texts are not packed');
    default:
      return unreachable(type);
  }
}

function cellsOf(
  cells: PackedCells,
  place: {
    readonly index: number;
    readonly start: number;
    readonly end: number;
    readonly at: readonly number[];
    readonly listsOf: readonly NumberList[];
  },
): Cells {
  const { index, start, end, at, listsOf } = place;
  switch (cells.type) {
    case 'counts':
      return { type: 'counts', at, counts: cells.counts.slice(start, end) };
    case 'users': {
      return {
        type: 'users',
        at,
        counts: cells.counts.slice(start, end),
        range: cells.ranges[index],
      };
    }
    case 'sums':
      return {
        type: 'sums',
        at,
        sums: cells.sums.slice(start, end),
        corrections: cells.corrections.slice(start, end),
        counts: cells.counts.slice(start, end),
      };
    case 'extremes':
      return { type: 'extremes', at, values: cells.values.slice(start, end) };
    case 'values':
      return { type: 'values', at, values: listsOf.slice(start, end) };
    default:
      return unreachable(cells);
  }
}

function packLists(lists: readonly NumberList[]): PackedLists {
  const packed = {
    lengths: [] as number[],
    values: [] as number[],
    counts: [] as number[],
    long: [] as PackedNumbers[],
  };
  for (const list of lists) {
    if ('encoding' in list && list.encoding !== 'plain') {
      packed.lengths.push(-1);
      packed.long.push(list);
      continue;
    }
    const { values, counts } = 'encoding' in list ? list : { values: list, counts: null };
    packed.lengths.push(values.length);
    packed.values.push(...values);
    packed.counts.push(...(counts ?? values.map(() => 1)));
  }
  return packed;
}

function unpackLists({ lengths, values, counts, long }: PackedLists): NumberList[] {
  let start = 0;
  let longCount = 0;
  return lengths.map((length) => {
    if (length < 0) return long[longCount++];
    const end = start + length;
    const list = {
      encoding: 'plain' as const,
      values: values.slice(start, end),
      counts: counts.slice(start, end),
    };
    start = end;
    return list;
  });
}

/** A metric has one kind of cells. */
function ofType<T extends Cells['type']>(cells: readonly Cells[], type: T) {
  return cells.filter((one): one is Extract<Cells, { type: T }> => one.type === type);
}
