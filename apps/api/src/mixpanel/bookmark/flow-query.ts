import type { FilterInput, FlowQuery, PropertyRef, QueryInput } from '@arbor/schema/query';
import { funnelWindowSchema } from '@arbor/schema/query';
import { readFilters } from './bookmark-filters.ts';
import { readCohort, readProperty } from './bookmark-properties.ts';
import type { TimeContext } from './bookmark-time.ts';
import { readRange } from './bookmark-time.ts';
import { readMatch } from './event-match.ts';
import type { FlowBookmark, FlowFilter, PlainFilter } from './flow-schema.ts';
import { refuse } from './refuse.ts';

export type FlowQueryInput = Extract<QueryInput, { type: 'flow' }>;

const countings = { unique: 'unique', total: 'totals', session: 'sessions' } as const;

/** What a flow asks for, in our words (`query-api.md` 13.5). */
export function readFlow(bookmark: FlowBookmark, context: TimeContext): FlowQueryInput {
  const { steps, group_by: groups, filter_by_cohort: cohort } = bookmark;
  if (steps.every(({ forward, reverse }) => (forward ?? 0) === 0 && (reverse ?? 0) === 0)) {
    refuse('a flow of forward and reverse', 0, 'give a step at least one of them');
  }
  return {
    type: 'flow',
    range: readRange(rangeOf(bookmark.date_range), context),
    anchors: steps.map((step) => ({
      selector: {
        anyOf: [
          readMatch(
            step.event,
            flowFilters(step.property_filter_params_list, step.bool_op, context.nowMs),
          ),
        ],
      },
      before: step.reverse ?? 0,
      after: step.forward ?? 0,
    })),
    counting: countings[bookmark.count_type],
    window: readWindow(bookmark.conversion_window),
    hold: bookmark.aggregate_by.map(propertyOf),
    hidden: bookmark.hidden_events,
    exclusions: bookmark.exclusions.map((one) => ({
      anyOf: [readMatch(typeof one === 'string' ? one : one.event, [])],
    })),
    collapseRepeated: bookmark.collapse_repeated,
    expand: groups.flatMap((group) =>
      (group.event ? [group.event] : steps.map(({ event }) => event)).map((event) => ({
        event,
        property: propertyOf(group),
      })),
    ),
    rows: bookmark.cardinality_threshold,
    breakdowns: bookmark.segment_by.map((group) => ({ property: propertyOf(group) })),
    filters: [
      ...flowFilters(bookmark.where, 'and', context.nowMs),
      ...(cohort
        ? [
            {
              type: 'cohort' as const,
              operator: cohort.negated === true ? ('not_in' as const) : ('in' as const),
              cohorts: [readCohort(cohort, context.nowMs)],
            },
          ]
        : []),
    ],
  };
}

function rangeOf({ type, from_date: from, to_date: to }: FlowBookmark['date_range']) {
  if (typeof from === 'string') return { type, value: [from, to] };
  return { type, window: from };
}

function readWindow(window: FlowBookmark['conversion_window']): FlowQuery['window'] {
  const parsed = funnelWindowSchema.safeParse(window);
  return parsed.success
    ? parsed.data
    : refuse(
        'a conversion window of',
        `${window.value} ${window.unit}`,
        'use second to month, or session',
      );
}

const propertyOf = ({
  property,
  resourceType,
}: {
  readonly property: string;
  readonly resourceType?: string | null | undefined;
}): PropertyRef => ({ scope: resourceType === 'people' ? 'person' : 'event', name: property });

/** Signs for the operators of filters. */
const signs: Readonly<Record<string, string>> = {
  '==': 'equals',
  '!=': 'does not equal',
  '>': 'is greater than',
  '>=': 'is at least',
  '<': 'is less than',
  '<=': 'is at most',
  in: 'equals',
  'not in': 'does not equal',
  set: 'is set',
  'not set': 'is not set',
};

function flowFilters(
  entries: readonly FlowFilter[] | null | undefined,
  operator: string | null | undefined,
  nowMs: number,
): FilterInput[] {
  const all = (entries ?? []).map((entry) => (isPlain(entry) ? filterEntry(entry) : entry));
  return readFilters(all, operator, nowMs);
}

const isPlain = (entry: FlowFilter): entry is PlainFilter => 'property' in entry;

function filterEntry({ property, operator, value }: PlainFilter) {
  const { name, scope } = readProperty(
    typeof property === 'string' ? { value: property } : property,
  );
  return {
    value: name,
    resourceType: scope === 'person' ? 'people' : 'events',
    filterOperator: Object.hasOwn(signs, operator) ? signs[operator] : operator,
    filterValue: value,
  };
}
