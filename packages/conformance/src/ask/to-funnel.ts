import type { QueryInput } from '@arbor/schema/query';
import type { CaseBreakdown, CaseExclusion, CaseQuery } from '../cases/case-types.ts';
import type { Rules } from '../judge/rules.ts';
import { toBreakdown } from './breakdown.ts';
import { NotAskable } from './not-askable.ts';
import { toSelector } from './selectors.ts';

type FunnelInput = Extract<QueryInput, { type: 'funnel' }>;

/** Filters of a case's report are on the events of every step: with us those of the steps (5.8). */
export function toFunnel(query: CaseQuery, rules: Rules): QueryInput {
  const { steps = [], from, to, breakdown, filters: besides = [] } = query;
  const { filters, ...segments } = toBreakdown(breakdown, rules);
  return {
    type: 'funnel',
    range: { from, to },
    steps: steps.map((step) => toSelector(step, { besides })),
    window: toWindow(query.window),
    ...toOrder(query, rules),
    graceMs: rules.sameTime === 'grace' ? 2000 : 0,
    entry: rules.entry === 'latest' ? 'any' : 'first',
    completion: rules.conversion === 'in-range' ? 'in_range' : 'after_range',
    exclusions: (query.exclusions ?? []).map((own) => toExclusion(own, query, rules)),
    ...segments,
    ...toSegmentRules(breakdown, rules),
    filters,
    ...toView(query),
  };
}

const orders = { ordered: 'specific', unordered: 'any', strict: 'strict' } as const;

function toOrder(
  { order = 'ordered' }: CaseQuery,
  { strictRepeat }: Rules,
): Pick<FunnelInput, 'order' | 'strictRepeat'> {
  if (order !== 'strict') return { order: orders[order] };
  return { order, strictRepeat: strictRepeat === 'allow' ? 'allow' : 'break' };
}

function toExclusion(
  { fromStep, toStep, ...selector }: CaseExclusion,
  { filters = [] }: CaseQuery,
  { exclusion }: Rules,
): NonNullable<FunnelInput['exclusions']>[number] {
  return {
    selector: toSelector(selector, { besides: filters }),
    from: fromStep - 1,
    to: toStep - 1,
    mode: exclusion === 'drop' ? 'drop' : 'stop',
  };
}

/** Only by the value at a step may a case have a person in several segments for one reason or another. */
function toSegmentRules(
  breakdown: CaseBreakdown | undefined,
  { reentry }: Rules,
): Pick<FunnelInput, 'attribution' | 'segmentEntry'> {
  const { scope, attribution = 'first_touch' } = breakdown ?? {};
  // All events of a person have the same value of the person's property.
  if (scope === 'person' || attribution === 'first_touch') return {};
  if (attribution === 'last_touch') return { attribution: { type: 'last' } };
  if (attribution === 'all_events') return { attribution: { type: 'each' } };
  const step = Number(/^step:(\d+)$/.exec(attribution)?.[1]);
  if (Number.isNaN(step)) throw new NotAskable(`attribution "${attribution}"`);
  return {
    attribution: { type: 'step', step: step - 1 },
    segmentEntry: reentry === 'per-value' ? 'per_value' : 'after_exit',
  };
}

function toView(query: CaseQuery): Pick<FunnelInput, 'unit' | 'trends' | 'distribution'> {
  const { view, interval = 'day', timeToConvert } = query;
  if (view === 'trends') {
    if (interval === 'total') throw new NotAskable('a trend without buckets');
    return { unit: interval, trends: true };
  }
  if (view !== 'time_to_convert' || timeToConvert === undefined) return {};
  const { fromStep, toStep, bins } = timeToConvert;
  return { distribution: { from: fromStep - 1, to: toStep - 1, bins } };
}

function toWindow(window: CaseQuery['window']): NonNullable<FunnelInput['window']> {
  const { value, unit } = window ?? { value: 1, unit: 'day' };
  // Windows longer than the world matter to nobody; ours end at 367 days.
  if (unit === 'minute' && value > 500_000) return { value: 367, unit: 'day' };
  return { value, unit: unit as 'second' | 'minute' | 'hour' | 'day' | 'week' | 'month' };
}
