import type { BehaviorSpan, ComparisonOperator, FilterInput } from '@arbor/schema/query';
import type { FilterEntry, FrequencyEntry, TimeEntry } from './bookmark-schema.ts';
import { readOperator } from './bookmark-properties.ts';
import { readMatch } from './event-match.ts';
import { refuse } from './refuse.ts';

const comparisons: Readonly<Partial<Record<string, ComparisonOperator>>> = {
  equals: 'exactly',
  does_not_equal: 'not_exactly',
  greater_than: 'greater_than',
  less_than: 'less_than',
  at_least: 'at_least',
  at_most: 'at_most',
  between: 'between',
};

/**
 * "Did this event so often" (`query-api.md` 13.3). With a range of its own it is a condition on the user; without, it is
 * about the range of the report. `filters`: those of the event.
 */
export function frequencyFilter(
  entry: FilterEntry,
  behavior: FrequencyEntry,
  filters: FilterInput[],
): FilterInput {
  const operator = readOperator(entry.filterOperator);
  const { event, dateRange, aggregationOperator } = behavior;
  if (aggregationOperator && aggregationOperator !== 'total') {
    refuse('the aggregation of a frequency', aggregationOperator, 'use total');
  }
  const selector = { anyOf: [readMatch(event.value, filters)] };
  const values = (
    Array.isArray(entry.filterValue) ? entry.filterValue : [entry.filterValue]
  ) as unknown[];
  const [value, to] = values.map((one) =>
    typeof one === 'number'
      ? one
      : refuse('the number of a frequency', one ?? null, 'use a number'),
  );
  if (!dateRange) {
    return {
      type: 'property',
      property: {
        scope: 'event',
        name: event.value,
        computed: { type: 'behavior', selector, aggregate: 'count' },
      },
      operator,
      values: [value ?? 0, ...(to === undefined ? [] : [to])],
    };
  }
  const comparison =
    comparisons[operator] ??
    refuse('the operator of a frequency', entry.filterOperator, 'use one of numbers');
  return {
    type: 'cohort',
    operator: 'in',
    cohorts: [
      {
        type: 'conditions',
        filters: [
          {
            type: 'behavior',
            selector,
            count: { operator: comparison, value: value ?? 0, ...(to !== undefined && { to }) },
            span: readSpan(dateRange),
          },
        ],
      },
    ],
  };
}

function readSpan({ dateRangeType, type, window, value }: TimeEntry): BehaviorSpan {
  const kind = (dateRangeType ?? type ?? 'in the last').toLowerCase();
  const [from, to] = Array.isArray(value) ? (value as unknown[]) : [value];
  if (kind === 'in the last' && window) {
    const { unit } = window;
    if (unit === 'day' || unit === 'week' || unit === 'month') {
      return { type: 'last', days: window.value, unit };
    }
    return refuse('the window of a frequency in', unit, 'use day, week or month');
  }
  if (kind === 'between' && typeof from === 'string' && typeof to === 'string') {
    return { type: 'range', from, to };
  }
  if (kind === 'since' && typeof from === 'string') return { type: 'since', from };
  return refuse('the range of a frequency', kind, 'use between, in the last or since');
}
