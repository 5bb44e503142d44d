import type { PropertyRef } from '@arbor/schema/query';
import type { Segment, SegmentPart } from '@arbor/schema/result';
import { askedBreakdowns, type BreakdownState } from './breakdown.ts';
import { isCohortFilter, type FilterState, type ReportFilter } from './question.ts';

/**
 * The filters that together keep a segment, which has a part of each breakdown; null where filters cannot say so: of
 * texts that were put together, of lists and objects, and of one among several cohorts.
 */
export function segmentFilters(
  breakdowns: readonly BreakdownState[],
  { parts, ...segment }: Segment,
): ReportFilter[] | null {
  const asked = askedBreakdowns(breakdowns);
  const own = parts ?? [segment];
  const filters = asked.map((breakdown, place) => {
    const part = own[place];
    return part === undefined ? null : partFilters(breakdown, part);
  });
  const known = filters.filter((each) => each !== null);
  return known.length === 0 || known.length < filters.length ? null : known.flat();
}

/** The filter that leaves a segment out; null where none can say so. */
export function withoutSegment(
  breakdowns: readonly BreakdownState[],
  segment: Segment,
): ReportFilter | null {
  const [breakdown, ...others] = askedBreakdowns(breakdowns);
  if (breakdown === undefined || others.length > 0) return null;
  const [filter, ...rest] = partFilters(breakdown, segment) ?? [];
  if (filter === undefined || rest.length > 0) return null;
  if (isCohortFilter(filter)) {
    const operator = filter.cohort.operator === 'in' ? 'not_in' : 'in';
    return { cohort: { ...filter.cohort, operator } };
  }
  return segmentFilter(filter.property, segment, false);
}

function partFilters(breakdown: BreakdownState, part: SegmentPart): ReportFilter[] | null {
  if ('cohorts' in breakdown) {
    const [id, ...others] = breakdown.cohorts;
    if (id === undefined || others.length > 0) return null;
    return part.type === 'in' || part.type === 'not_in'
      ? [{ cohort: { operator: part.type, id } }]
      : null;
  }
  if (!('property' in breakdown)) return null;
  if (part.type === 'range') return rangeFilters(breakdown.property, part.text);
  const filter = segmentFilter(breakdown.property, part, true);
  return filter === null ? null : [filter];
}

/** "10 – 20", "< 10", "≥ 20": the lower edge is inside, the upper one is not. */
function rangeFilters(property: PropertyRef, text: string): FilterState[] | null {
  const own = (operator: FilterState['operator'], edge: string | undefined): FilterState => ({
    property,
    kind: 'number',
    operator,
    values: [Number(edge)],
  });
  const [low, high] = text.split(' – ');
  const filters =
    high !== undefined
      ? [own('at_least', low), own('less_than', high)]
      : text.startsWith('<')
        ? [own('less_than', text.slice(1))]
        : [own('at_least', text.slice(1))];
  return filters.every(({ values }) => Number.isFinite(values[0])) ? filters : null;
}

/**
 * The filter that keeps a segment of a plain breakdown, or all but it; null where one filter cannot say so: of
 * buckets, combinations and values that are no plain ones.
 */
export function segmentFilter(
  property: PropertyRef,
  { type, text }: Pick<Segment, 'type' | 'text'>,
  keep: boolean,
): FilterState | null {
  switch (type) {
    case 'string':
      return equal(property, 'text', [text], keep);
    case 'empty_string':
      return equal(property, 'text', [''], keep);
    case 'number':
      return equal(property, 'number', [Number(text)], keep);
    case 'boolean':
      return {
        property,
        kind: 'boolean',
        operator: (text === 'true') === keep ? 'is_true' : 'is_false',
        values: [],
      };
    case 'not_set':
      return { property, kind: 'text', operator: keep ? 'is_not_set' : 'is_set', values: [] };
    case 'json':
    case 'other':
    case 'range':
    case 'non_numeric':
    case 'group':
    case 'remaining':
    case 'date':
    case 'in':
    case 'not_in':
    case 'event':
    case 'combination':
      return null;
  }
}

function equal(
  property: PropertyRef,
  kind: FilterState['kind'],
  values: FilterState['values'],
  keep: boolean,
): FilterState {
  return { property, kind, operator: keep ? 'equals' : 'does_not_equal', values };
}
