import { bucketEdges } from '../exec/bucket-edges.ts';
import { protocolEvents } from '../exec/filter-mask.ts';
import { wholeWalk } from '../exec/funnel/walks.ts';
import { observedUnits } from '../plan/retention.ts';
import type {
  BreakdownPlan,
  FilterPlan,
  FunnelPlan,
  MatchPlan,
  Plan,
  PropertyPlan,
  ReportPlan,
  RetentionPlan,
  SelectorPlan,
} from '../plan/plan-types.ts';
import { isSessionEvent } from '../plan/session-events.ts';

/**
 * Which rows of its wants a plan over rows can leave aside: a user without an entry (a birth) has nothing to count, nor
 * has what lies before the first one or beyond the window of the last. Rows that pass may still not count; those that
 * do not never do.
 */
export interface RowGate {
  /** One of these events opens the gate for its user … */
  readonly entries: ReadonlySet<string>;
  /** … at an instant of [startMs, endMs). */
  readonly startMs: number;
  readonly endMs: number;
  /** It is open from so long before an entry until so long after it. */
  readonly leadMs: number;
  readonly reachMs: number;
  /** Only the first entry of a user opens it. */
  readonly isFirstAlone: boolean;
  /** Events of which the first row of a user in each period says all; rows before the first edge count apart. */
  readonly once: ReadonlySet<string>;
  /** Edges of the periods: what lies past the last one is a period as well. */
  readonly edges: Float64Array;
  /** Events of which only what a user does the first time ever counts, with all else of that instant. */
  readonly firstEver: ReadonlySet<string>;
  /** Events that are let through whoever does them and when: which one is the first shows in all of them. */
  readonly always: ReadonlySet<string>;
  /** Of a strict order; null = rows that break attempts off are as others. */
  readonly breaks: BreakGate | null;
}

/**
 * Rows that are no step break off the attempt of the first entry: those after it alone, and of later days none once so
 * many instants had one. A step takes the instant of one row at most, so another one of them lies between two steps.
 */
export interface BreakGate {
  /** Every event breaks but these: steps, and what "any event" leaves out. */
  readonly except: ReadonlySet<string>;
  readonly instants: number;
}

/** Null = every row may matter: what a plan looks at may depend on all that its users did. */
export function rowGate(plan: Plan): RowGate | null {
  if (plan.type !== 'funnel' && plan.type !== 'retention') return null;
  // Of a group come many users, and what one of them did may open it for another.
  if ('counted' in plan && plan.counted !== undefined) return null;
  if (!looksAtRowsAlone(plan)) return null;
  return plan.type === 'funnel' ? funnelGate(plan) : retentionGate(plan);
}

function funnelGate(plan: FunnelPlan): RowGate | null {
  const { steps, options, windowMs, graceMs } = plan;
  const entrySteps = steps.slice(0, firstGroupEnd(plan));
  const entries = entrySteps.flat();
  const others = [
    ...steps.slice(entrySteps.length).flat(),
    ...(options?.exclusions ?? []).flatMap(({ selector }) => selector),
    ...(options?.between ?? []),
  ];
  if (!named(entries)) return null;
  const isTrend = options?.trends === true && plan.buckets !== null;
  const isFirst = countsFirstEntries(plan);
  // Within the grace a step may be taken from the period before.
  const isOnce = isFirst && named(others) && !(isTrend && graceMs > 0);
  const isFirstAlone = isFirst && !isTrend && isFirstSure(entries);
  return {
    ...gateOf(plan, entries),
    leadMs: graceMs * steps.length,
    reachMs: windowMs,
    isFirstAlone,
    breaks: isFirstAlone && entries.every(isUnfiltered) ? breakGate(plan) : null,
    once: namesOf(isOnce ? aloneIn(entries, others).filter(isUnfiltered) : []),
    edges: isTrend ? bucketEdges(plan.buckets) : Float64Array.of(plan.startMs, plan.endMs),
    ...firstTimes(entries, named(others) ? aloneIn(entries, others) : []),
  };
}

function breakGate({ steps, options, graceMs }: FunnelPlan): BreakGate | null {
  const any = options?.between?.find(({ event }) => event === null);
  if (any === undefined || !isUnfiltered(any) || graceMs > 0 || !named(steps.flat())) return null;
  const except = [...namesOf(steps.flat()), ...protocolEvents, ...(any.hidden ?? [])];
  return { except: new Set(except), instants: steps.length };
}

function retentionGate(plan: RetentionPlan): RowGate | null {
  const { birth, clock, births, filters, buckets } = plan;
  if (!named(birth)) return null;
  const isOnly = filters.length === 0;
  const alone = named(plan.return) ? aloneIn(birth, plan.return) : [];
  return {
    ...gateOf(plan, birth),
    leadMs: 0,
    reachMs: clock.type === 'rolling' ? observedUnits(plan) * clock.lengthMs : Infinity,
    isFirstAlone: births === 'first' && isOnly && isFirstSure(birth),
    breaks: null,
    once: namesOf(isOnly ? alone.filter(isUnfiltered) : []),
    edges: bucketEdges(buckets),
    ...firstTimes(birth, alone),
  };
}

function gateOf({ startMs, endMs }: ReportPlan, entries: readonly MatchPlan[]) {
  return { startMs, endMs, entries: namesOf(entries) };
}

/** Every step before this one may begin an attempt: in any order, those up to an anchor (5.5). */
export function firstGroupEnd({ steps, options }: FunnelPlan): number {
  if (options?.order !== 'any') return 1;
  let end = 1;
  while (end < steps.length && !options.anchors.includes(end) && !options.anchors.includes(end - 1))
    end++;
  return end;
}

/** Whether the first entry of a user (in each period) decides alone, in segments too. */
export function countsFirstEntries(plan: FunnelPlan): boolean {
  const { options, breakdown, breakdowns } = plan;
  const isOfUsers =
    (breakdown === null || breakdown.scope === 'person') &&
    (breakdowns ?? []).every((own) => own.type === 'cohort' || own.property.scope === 'person');
  return (
    wholeWalk(plan).choice === 'first' &&
    isOfUsers &&
    (options === null ||
      (options.hold.length === 0 &&
        options.compareEvents === null &&
        options.attribution.type !== 'each'))
  );
}

/**
 * Whether the first row of these events in the range is the first entry. Of one event that must be done for the first
 * time it is, or there is none.
 */
export function isFirstSure(entries: readonly MatchPlan[]): boolean {
  return entries.every(isUnfiltered) || (entries.length === 1 && isFirstEver(entries[0]));
}

const isFirstEver = ({ firstTime }: MatchPlan): boolean => firstTime === 'event';

const isUnfiltered = ({ filters, firstTime }: MatchPlan): boolean =>
  filters.length === 0 && firstTime === undefined;

/** Whether each match is of events that were sent, under one name. */
export function named(matches: readonly MatchPlan[]): boolean {
  return matches.every(
    ({ event, definition }) => event !== null && definition === undefined && !isSessionEvent(event),
  );
}

const nameOf = ({ event }: MatchPlan): string => event ?? '';
export const namesOf = (matches: readonly MatchPlan[]): ReadonlySet<string> =>
  new Set(matches.map(nameOf));

/** Those of events that nothing else of the plan speaks of. */
function aloneIn(matches: readonly MatchPlan[], others: readonly MatchPlan[]): MatchPlan[] {
  const all = [...matches, ...others].map(nameOf);
  return matches.filter((match) => all.filter((name) => name === nameOf(match)).length === 1);
}

/** `alone`: those of events that nothing else of the plan speaks of. */
function firstTimes(entries: readonly MatchPlan[], alone: readonly MatchPlan[]) {
  const firstEver = namesOf(alone.filter(isFirstEver));
  const others = entries.filter((match) => isFirstEver(match) && !firstEver.has(nameOf(match)));
  return { firstEver, always: namesOf(others) };
}

/** Whether what counts follows from the rows of the selectors, and from nothing else that a user did. */
function looksAtRowsAlone(plan: FunnelPlan | RetentionPlan): boolean {
  const { windowSessions = null } = (plan.type === 'funnel' && plan.options) || {};
  return windowSessions === null && looksAtOwnRows(plan);
}

/** The same, or from sessions, which follow from when the user did anything at all. */
export function looksAtOwnRows(plan: FunnelPlan | RetentionPlan): boolean {
  if (plan.cohorts.some(({ type }) => type === 'conditions')) return false;
  const { breakdown, breakdowns, filters } = plan;
  return (
    filters.every(isOfRow) &&
    (breakdown === null || isSent(breakdown)) &&
    (breakdowns ?? []).every(
      (own: BreakdownPlan) => own.type === 'cohort' || isSent(own.property),
    ) &&
    (plan.type === 'funnel' ? isFunnelOfRows(plan) : isRetentionOfRows(plan))
  );
}

function isFunnelOfRows({ steps, options }: FunnelPlan): boolean {
  if (!steps.every((step, index) => isSelectorOfRows(step, index === 0))) return false;
  if (options === null) return true;
  const { exclusions, between, hold, sum } = options;
  return (
    exclusions.every(({ selector }) => isSelectorOfRows(selector, false)) &&
    (between === null || isSelectorOfRows(between, false)) &&
    hold.every(isSent) &&
    (sum === null || isSent(sum))
  );
}

function isRetentionOfRows({ birth, return: returned, options }: RetentionPlan): boolean {
  return (
    isSelectorOfRows(birth, true) &&
    isSelectorOfRows(returned, false) &&
    (options === null || options.measure.type === 'users' || isSent(options.measure.property))
  );
}

/** First times are those of an entry alone: which one it is shows in rows of its own event. */
function isSelectorOfRows(selector: SelectorPlan, mayBeFirst: boolean): boolean {
  return selector.every(
    ({ event, filters, firstTime, definition }) =>
      definition === undefined &&
      !isSessionEvent(event) &&
      (firstTime === undefined || (mayBeFirst && firstTime === 'event')) &&
      filters.every(isOfRow),
  );
}

function isOfRow(filter: FilterPlan): boolean {
  switch (filter.type) {
    case 'property':
    case 'items':
      return isSent(filter.property);
    case 'all':
    case 'any':
      return filter.filters.every(isOfRow);
    case 'cohort':
      return true;
  }
}

const isSent = ({ computed }: PropertyPlan): boolean => computed === undefined;
