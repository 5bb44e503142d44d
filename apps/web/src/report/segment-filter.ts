import type { PropertyRef } from '@arbor/schema/query';
import type { Segment, SegmentPart } from '@arbor/schema/result';
import { askedBreakdowns, type BehaviourBreakdownState, type BreakdownState } from './breakdown.ts';
import type { EventCondition } from './behaviour-state.ts';
import type { FilterState } from './filter-state.ts';
import type { ReportFilter, SingleFilter } from './question.ts';

/**
 * The filters that together keep a segment, which has a part of each breakdown; null where filters cannot say so: of
 * texts that were put together, of lists and objects, and of one among several cohorts.
 */
export function segmentFilters(
  breakdowns: readonly BreakdownState[],
  { parts, ...segment }: Segment,
): SingleFilter[] | null {
  const asked = askedBreakdowns(breakdowns);
  const own = parts ?? [segment];
  const filters = asked.map((breakdown, place) => {
    const part = own[place];
    return part === undefined ? null : partFilters(breakdown, part);
  });
  const known = filters.filter((each) => each !== null);
  return known.length === 0 || known.length < filters.length ? null : known.flat();
}

/** The filter that leaves a segment out: one of its parts is other. Null where none can say so. */
export function withoutSegment(
  breakdowns: readonly BreakdownState[],
  segment: Segment,
): ReportFilter | null {
  const contraries = (segmentFilters(breakdowns, segment) ?? []).map(contraryOf);
  const known = contraries.filter((filter) => filter !== null);
  const [first, ...others] = known;
  if (first === undefined || known.length < contraries.length) return null;
  return others.length === 0 ? first : { group: 'any', filters: known };
}

/** The contrary as a filter says it; null where one filter has none. */
function contraryOf(filter: SingleFilter): SingleFilter | null {
  if ('cohort' in filter) {
    const operator = filter.cohort.operator === 'in' ? 'not_in' : 'in';
    return { cohort: { ...filter.cohort, operator } };
  }
  if ('behaviour' in filter) {
    const { behaviour } = filter;
    return isOnceOrNever(behaviour) ? { behaviour: { ...behaviour, did: !behaviour.did } } : null;
  }
  const operator = contraries[filter.operator];
  return operator === undefined ? null : { ...filter, operator };
}

const contraries: Readonly<Partial<Record<FilterState['operator'], FilterState['operator']>>> = {
  equals: 'does_not_equal',
  is_set: 'is_not_set',
  is_not_set: 'is_set',
  is_true: 'is_false',
  is_false: 'is_true',
  was_between: 'was_not_between',
};

function partFilters(breakdown: BreakdownState, part: SegmentPart): SingleFilter[] | null {
  if ('cohorts' in breakdown) {
    const [id, ...others] = breakdown.cohorts;
    if (id === undefined || others.length > 0) return null;
    return part.type === 'in' || part.type === 'not_in'
      ? [{ cohort: { operator: part.type, id } }]
      : null;
  }
  if ('behaviour' in breakdown) return behaviourFilters(breakdown, part);
  if (part.type === 'range') return rangeFilters(breakdown.property, part.text);
  const filter = segmentFilter(breakdown.property, part, true);
  return filter === null ? null : [filter];
}

/** Segments say whether somebody is among those who did: "did not" turns around. */
function behaviourFilters(
  { behaviour }: BehaviourBreakdownState,
  { type }: SegmentPart,
): SingleFilter[] | null {
  if (type === 'in') return [{ behaviour }];
  if (type !== 'not_in' || !isOnceOrNever(behaviour)) return null;
  return [{ behaviour: { ...behaviour, did: !behaviour.did } }];
}

/** "Did" and "did not" are contraries of each other only where once is enough: less than three times is not never. */
function isOnceOrNever({ measure, operator, times }: EventCondition): boolean {
  return measure.type === 'count' && operator === 'at_least' && times === 1;
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
