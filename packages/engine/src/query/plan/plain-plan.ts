import { AssertionError } from '../../base/assert.ts';
import type {
  BreakdownPlan,
  FilterPlan,
  FunnelOptionsPlan,
  FunnelPlan,
  Plan,
  PropertyPlan,
  RetentionPlan,
  SelectorPlan,
} from './plan-types.ts';
import { isSessionEvent } from './session-events.ts';

const dayMs = 86_400_000;

/**
 * Whether a plan asks for nothing but what lies in columns, by the rules that every kernel knows: stored
 * properties, filters a value, one breakdown by a property. Everything else goes over rows in the order of
 * users, where whatever follows from a user's history can be worked out.
 */
export function isPlainPlan(plan: Plan): boolean {
  switch (plan.type) {
    case 'insights':
      return (
        isPlainReport(plan) &&
        plan.metrics.every(
          ({ selector, measure, countOnce, people, outside }) =>
            isPlainSelector(selector) &&
            countOnce === undefined &&
            outside === undefined &&
            people === undefined &&
            !['cumulative_unique', 'sessions', 'distribution', 'per_user'].includes(measure.type) &&
            (!('property' in measure) ||
              (measure.property !== null && isStoredProperty(measure.property))),
        )
      );
    case 'funnel':
      return (
        isPlainReport({ ...plan, breakdowns: null }) &&
        (plan.breakdowns ?? []).every(isStoredBreakdown) &&
        (plan.options === null || isPlainFunnel(plan, plan.options)) &&
        plan.steps.every(isPlainStep)
      );
    case 'retention':
      return (
        isPlainReport(plan) &&
        isPlainRetention(plan) &&
        isPlainStep(plan.birth) &&
        isPlainSelector(plan.return)
      );
    case 'cohort':
      return (
        plan.cohorts.length === 0 &&
        plan.over === null &&
        plan.conditions.every(isPlainCondition) &&
        plan.behaviors.every(
          ({ selector, measure }) => measure.type === 'count' && isPlainSelector(selector),
        )
      );
    case 'frequency':
    case 'flow':
    case 'list':
    case 'users':
      return false;
  }
}

/** The value as it was sent, under its name. */
export function isStoredProperty({ also, group, path, computed, cast }: PropertyPlan): boolean {
  return (
    also === undefined &&
    group === undefined &&
    path === undefined &&
    computed === undefined &&
    cast === undefined
  );
}

/**
 * Beside the defaults: totals, completion in the range, values of any one step, a distribution of times, sums where
 * attempts follow one another, and where a user has the attempt of his first entry alone, properties held constant and
 * funnels of buckets.
 */
function isPlainFunnel(plan: FunnelPlan, options: FunnelOptionsPlan): boolean {
  const isTotals = options.counting === 'totals';
  const isOfFirst =
    plan.entry === 'first' &&
    !isTotals &&
    storedBreakdowns(plan).every(({ scope }) => scope !== 'event');
  return (
    options.counting !== 'sessions' &&
    options.order === 'specific' &&
    options.reentry === 'default' &&
    options.exclusions.length === 0 &&
    (options.hold.length === 0 || (isOfFirst && options.hold.every(isSentWithEvents))) &&
    options.attribution.type !== 'each' &&
    options.segmentEntry === 'after_exit' &&
    options.windowSessions === null &&
    (options.sum === null ||
      ((isTotals || plan.entry === 'first') && isSentWithEvents(options.sum))) &&
    options.compareEvents === null &&
    (!options.trends || (isOfFirst && !options.otherSegment && options.others === null))
  );
}

/** The properties that a plain plan is broken down by. */
export function storedBreakdowns({
  breakdown,
  breakdowns,
}: Pick<FunnelPlan, 'breakdown' | 'breakdowns'>): readonly PropertyPlan[] {
  if (breakdown !== null) return [breakdown];
  return (breakdowns ?? []).flatMap((own) => (own.type === 'property' ? [own.property] : []));
}

/** By the values of a property as they were sent: without buckets, and by every item of a list. */
export function isStoredBreakdown(own: BreakdownPlan): boolean {
  const isWhole = own.type === 'property' && own.buckets.type === 'none' && own.items === null;
  return isWhole && isStoredProperty(own.property);
}

function isSentWithEvents(property: PropertyPlan): boolean {
  return property.scope === 'event' && isStoredProperty(property);
}

/**
 * Beside the defaults: every criterion, brackets, averages, which are made of the cells, segments of either event, and
 * sums of what events had when they were sent. A rolling unit has a day or more: scans look at the first and the last
 * return of a day alone.
 */
function isPlainRetention({ clock, options }: RetentionPlan): boolean {
  if (clock.type === 'rolling' && clock.lengthMs < dayMs) return false;
  if (options === null || options.measure.type === 'users') return true;
  return isSentWithEvents(options.measure.property);
}

function isPlainReport(plan: Extract<Plan, { breakdown: unknown }>): boolean {
  return (
    plan.counted === undefined &&
    plan.breakdowns === null &&
    plan.cohorts.length === 0 &&
    (plan.breakdown === null || isStoredProperty(plan.breakdown)) &&
    plan.filters.every(isPlainFilter)
  );
}

/**
 * A first time ever is one of an event that the match names and nothing else of the selector speaks of: rows of one
 * event tell then which it is.
 */
function isPlainStep(selector: SelectorPlan): boolean {
  return selector.every((match) => {
    const { firstTime, ...always } = match;
    if (firstTime === undefined) return isPlainSelector([match]);
    const isAlone = selector.every(
      (other) => other === match || (other.event !== null && other.event !== match.event),
    );
    return match.event !== null && isAlone && isPlainSelector([always]);
  });
}

function isPlainSelector(selector: SelectorPlan): boolean {
  return selector.every(
    ({ event, filters, firstTime, hidden }) =>
      firstTime === undefined &&
      (hidden ?? []).length === 0 &&
      !isSessionEvent(event) &&
      filters.every(isPlainFilter),
  );
}

function isPlainFilter(filter: FilterPlan): boolean {
  if (filter.type === 'all' || filter.type === 'any') return filter.filters.every(isPlainFilter);
  return (
    filter.type === 'property' && isStoredProperty(filter.property) && filter.quantifier !== 'all'
  );
}

function isPlainCondition(
  condition: Extract<Plan, { type: 'cohort' }>['conditions'][number],
): boolean {
  switch (condition.type) {
    case 'behavior':
      return true;
    case 'property':
      return isPlainFilter(condition);
    case 'all':
    case 'any':
      return condition.filters.every(isPlainCondition);
    case 'items':
    case 'sequence':
    case 'report':
    case 'cohort':
      return false;
  }
}

/** Fast scans are made for plain plans alone: whoever comes here has not asked. */
export function notPlain(what: string): never {
  throw new AssertionError(`a fast scan cannot do ${what}`);
}
