import { parseComputed } from '@arbor/expression/expression';
import { referencedProperties } from '@arbor/expression/referenced-properties';
import { AssertionError, unreachable } from '../../base/assert.ts';
import { profileProperty } from '../exec/shard-view.ts';
import type {
  BehaviorPlan,
  BreakdownPlan,
  ChosenEvents,
  CohortMembersPlan,
  ComputedPlan,
  ConditionsPlan,
  FilterPlan,
  MeasurePlan,
  Plan,
  PropertyPlan,
  ReportPlan,
  SelectorPlan,
  SequencePlan,
  SessionsPlan,
  UserConditionPlan,
} from '../plan/plan-types.ts';
import { countedGroups } from '../plan/counted-groups.ts';
import { nameOfDoers } from '../plan/doer-properties.ts';
import { isSessionEvent, storedName } from '../plan/session-events.ts';
import { observedEnd } from '../plan/retention.ts';
import { daysOf, instantsByEvent, listedPart } from './list-needs.ts';
import type { RowWant, ScanNeeds } from './scan-needs.ts';

interface Span {
  readonly startMs: number;
  readonly endMs: number;
}

/** Before and after every event. */
const earliestMs = -8.64e15;
const latestMs = 8.64e15;
const dayMs = 86_400_000;

/**
 * What a plan that goes over rows in the order of users can look at. It may name more than is looked at in
 * the end, never less: a row that is not here does not exist for the executors.
 */
export function rowNeeds(plan: Plan): ScanNeeds {
  const needs = new RowNeeds();
  needs.plan(plan);
  return needs.result();
}

class RowNeeds {
  readonly #wants: RowWant[] = [];
  readonly #person = new Set<string>();
  /** From when on it matters when events happen again; `latestMs` = it does not. */
  #nextFromMs = latestMs;
  /** The property that sessions are cut by; null = they are cut otherwise. */
  #sessionProperty: string | null = null;

  /** Properties that hold groups, where rows are put together by them. */
  #groupNames: readonly string[] = [];

  result(): ScanNeeds {
    if (this.#nextFromMs < latestMs) this.#wantNext(this.#nextFromMs);
    const wants =
      this.#groupNames.length === 0
        ? this.#wants
        : this.#wants.map((want) => {
            const properties = new Set([...want.properties, ...this.#groupNames]);
            // A row has its groups one by one then, where filters would look at all of them.
            return { ...want, properties, filters: [] };
          });
    return { wants, personProperties: this.#person, order: true };
  }

  plan(plan: Plan): void {
    this.#groupNames = countedGroups(plan)?.names ?? this.#groupNames;
    if (plan.type === 'users') {
      throw new AssertionError('a list of users is made of totals, not of rows');
    }
    if (plan.type !== 'list') this.#cutSessionsBy(plan.sessions);
    switch (plan.type) {
      case 'list':
        for (const name of plan.columns) this.#person.add(name);
        if (plan.chosen === null) this.plan(listedPart(plan));
        else this.#chosen(plan.chosen, plan.of);
        return;
      case 'cohort':
        this.#members(plan.cohorts);
        this.#conditions(plan);
        for (const { conditions, ...history } of plan.over?.at ?? []) {
          this.#conditions({ conditions: conditions ?? [], ...history });
        }
        return;
      case 'insights':
      case 'funnel':
      case 'retention':
      case 'frequency':
      case 'flow':
        this.#members(plan.cohorts);
        this.#report(plan);
    }
  }

  #cutSessionsBy({ mode }: SessionsPlan): void {
    if (mode.type === 'property') this.#sessionProperty = mode.name;
  }

  /** Events of a page: of the days that they lie on, all of their names and no other. */
  #chosen({ keys, properties }: ChosenEvents, { sessions }: { sessions: SessionsPlan }): void {
    this.#cutSessionsBy(sessions);
    const own = new Set(properties ?? []);
    for (const [event, instants] of instantsByEvent(keys)) {
      for (const span of daysOf(instants)) {
        if (isSessionEvent(event)) this.#sessions(span, own);
        else this.#want(storedName(event), span, own);
      }
    }
  }

  #report(plan: ReportPlan): void {
    const span = { startMs: plan.startMs, endMs: plan.endMs };
    const read = readBy(plan, span);
    const split = plan.breakdowns ?? [];
    const names = [
      ...this.#filters(plan.filters, read),
      ...(plan.breakdown ? this.#property(plan.breakdown, read) : []),
      ...split.flatMap((breakdown) => this.#breakdown(breakdown, read)),
    ];
    switch (plan.type) {
      case 'insights':
        for (const { selector, measure, people } of plan.metrics) {
          const observed = observedBy(measure, span);
          if (people) this.#person.add(profileProperty);
          this.#filters(people ?? [], span);
          const own = names.concat(this.#measured(measure, observed));
          this.#selector(selector, observed, own, plan.filters);
          if (measure.type === 'sessions') this.#sessions(observed);
        }
        return;
      case 'funnel':
        this.#funnel(plan, read, names);
        return;
      case 'retention': {
        const own = names.concat(
          plan.options && plan.options.measure.type !== 'users'
            ? this.#property(plan.options.measure.property, read)
            : [],
        );
        this.#selector(plan.birth, span, own, plan.filters);
        this.#selector(plan.return, read, own, plan.filters);
        return;
      }
      case 'frequency':
        this.#selector(plan.selector, span, names, plan.filters);
        return;
      case 'flow':
        this.#flow(plan, span, names);
        return;
      default:
        unreachable(plan);
    }
  }

  #flow(plan: Extract<ReportPlan, { type: 'flow' }>, span: Span, names: string[]): void {
    // Steps lie in the range; later anchors, and what lies between two, as far as the window goes.
    const windowMs = plan.anchors.length > 1 ? plan.windowMs : 0;
    const observed = { ...span, endMs: span.endMs + windowMs };
    const held = plan.hold.flatMap((property) => this.#property(property, observed));
    const expanded = plan.expand.flatMap(({ property }) => this.#property(property, observed));
    const filters = this.#filters(plan.filters, observed);
    this.#anyEvent(observed, names.concat(held, expanded, filters));
    for (const { selector } of [...plan.anchors, ...plan.customEvents]) {
      this.#selector(selector, observed, [...names, ...held, ...expanded, ...filters]);
    }
    for (const selector of plan.exclusions) this.#selector(selector, observed, filters);
    if (plan.counting === 'sessions' || plan.windowSessions !== null) this.#sessions(observed);
  }

  #funnel(plan: Extract<ReportPlan, { type: 'funnel' }>, observed: Span, names: string[]): void {
    const { options, steps } = plan;
    const held = options?.hold.flatMap((property) => this.#property(property, observed)) ?? [];
    const summed = options?.sum ? this.#property(options.sum, observed) : [];
    const own = names.concat(held, summed);
    for (const step of steps) this.#selector(step, observed, own);
    if (options === null) return;
    for (const { selector } of options.exclusions) this.#selector(selector, observed, own);
    if (options.between) this.#selector(options.between, observed, []);
    if (options.windowSessions !== null) {
      this.#sessions(observed);
    }
  }

  #measured(measure: MeasurePlan, span: Span): string[] {
    return 'property' in measure && measure.property !== null
      ? this.#property(measure.property, span)
      : [];
  }

  #breakdown(breakdown: BreakdownPlan, span: Span): string[] {
    if (breakdown.type === 'property') return this.#property(breakdown.property, span);
    return breakdown.cohorts.flatMap(({ ofGroups }) =>
      ofGroups ? this.#property(ofGroups, span) : [],
    );
  }

  /**
   * Wants the rows of a selector with the given properties and those of its own filters. `shared`: filters that rows
   * must pass besides.
   */
  #selector(
    selector: SelectorPlan,
    span: Span,
    properties: readonly string[],
    shared: readonly FilterPlan[] = [],
  ): void {
    for (const { event, filters, firstTime, definition } of selector) {
      // Whether it is the first one shows in what came before, whenever that was, and in rows that do not pass.
      const observed = firstTime === undefined ? span : { ...span, startMs: earliestMs };
      const all = firstTime === undefined ? [...shared, ...filters] : [];
      const own = new Set([...properties, ...this.#filters(filters, observed)]);
      if (definition !== undefined) this.#selector(definition, observed, [...own], all);
      else if (isSessionEvent(event)) this.#sessions(observed, own);
      else this.#want(event, observed, own, all);
    }
  }

  #anyEvent(span: Span, properties: readonly string[]): void {
    this.#want(null, span, new Set(properties));
  }

  /**
   * All events of the days that sessions of the span can touch: they end at midnight (12), and whether one goes
   * on with a day shows in the day before. Two local days have at most 49 hours.
   */
  #sessions({ startMs, endMs }: Span, properties: ReadonlySet<string> = new Set()): void {
    const span = { startMs: startMs - 3 * dayMs, endMs: endMs + 2 * dayMs };
    const cutBy = this.#sessionProperty === null ? [] : [this.#sessionProperty];
    this.#want(null, span, new Set([...cutBy, ...properties]));
  }

  /** Whatever is looked at, whenever it happens again. */
  #wantNext(startMs: number): void {
    const events = new Set(this.#wants.map(({ event }) => event));
    for (const event of events) this.#want(event, { startMs, endMs: latestMs }, new Set());
  }

  #want(
    event: string | null,
    { startMs, endMs }: Span,
    properties: ReadonlySet<string>,
    filters: readonly FilterPlan[] = [],
  ): void {
    this.#wants.push({
      event,
      startMs,
      endMs,
      properties,
      edges: null,
      users: true,
      filters,
      presence: null,
    });
  }

  #filters(filters: readonly FilterPlan[], span: Span): string[] {
    return filters.flatMap((filter): string[] => {
      switch (filter.type) {
        case 'property':
        case 'items':
          return this.#property(filter.property, span);
        case 'all':
        case 'any':
          return this.#filters(filter.filters, span);
        case 'cohort':
          return [];
      }
    });
  }

  /** Wants what the property is worked out from elsewhere; returns what it needs of the rows themselves. */
  #property({ scope, name, also = [], computed }: PropertyPlan, span: Span): string[] {
    const doers = nameOfDoers(name);
    if (doers !== null) {
      this.#person.add(doers);
      return [];
    }
    const names = [name, ...also];
    switch (computed?.type) {
      case 'borrowed':
        this.#selector(
          computed.selector,
          { ...span, startMs: span.startMs - computed.withinMs },
          names,
        );
        return [];
      case 'behavior': {
        const observed = { ...span, endMs: span.endMs + (computed.withinMs ?? 0) };
        const own = computed.property ? this.#property(computed.property, observed) : [];
        this.#selector(computed.selector, observed, own);
        return [];
      }
      case 'attributed':
        this.#anyEvent({ ...span, startMs: span.startMs - computed.lookbackMs }, names);
        return names;
      case 'until_next':
        this.#nextFromMs = Math.min(this.#nextFromMs, span.startMs);
        return [];
      case 'formula':
        return this.#formula(computed, scope);
      case 'items':
      case 'lookup':
      case undefined:
        if (scope === 'event') return names;
        if (scope === 'person') this.#person.add(name);
        return [];
    }
  }

  /** `properties` of a formula on persons are those of the profile (14.3). */
  #formula(
    { expression, dialect, merged = {} }: Extract<ComputedPlan, { type: 'formula' }>,
    scope: PropertyPlan['scope'],
  ): string[] {
    const own = Object.values(merged).flat();
    const { root } = parseComputed(expression, dialect);
    for (const { source, name } of referencedProperties(root)) {
      if (source === 'user' || (source === 'properties' && scope === 'person')) {
        this.#person.add(name);
      } else if (source === 'properties') own.push(name);
    }
    return own;
  }

  #members(cohorts: readonly CohortMembersPlan[]): void {
    for (const cohort of cohorts) if (cohort.type === 'conditions') this.#conditions(cohort);
  }

  #conditions({ conditions, behaviors, sequences }: ConditionsPlan): void {
    for (const behavior of behaviors) this.#behavior(behavior);
    for (const sequence of sequences) this.#sequence(sequence);
    for (const condition of conditions) this.#condition(condition);
  }

  #behavior({ selector, measure, ...span }: BehaviorPlan): void {
    this.#selector(
      selector,
      span,
      'property' in measure ? this.#property(measure.property, span) : [],
    );
  }

  #condition(condition: UserConditionPlan): void {
    switch (condition.type) {
      case 'property':
      case 'items':
        this.#filters([condition], { startMs: earliestMs, endMs: latestMs });
        return;
      case 'report':
        this.plan(condition.list);
        return;
      case 'all':
      case 'any':
        for (const inner of condition.filters) this.#condition(inner);
        return;
      case 'behavior':
      case 'sequence':
      case 'cohort':
        return;
    }
  }

  #sequence({ steps, startMs, untilMs }: SequencePlan): void {
    for (const step of steps) this.#selector(step, { startMs, endMs: untilMs }, []);
  }
}

/** Filters and segments are of everything that counts: some of it comes before the range or after it. */
function readBy(plan: ReportPlan, span: Span): Span {
  switch (plan.type) {
    case 'insights':
      return plan.metrics.map(({ measure }) => observedBy(measure, span)).reduce(around, span);
    case 'funnel':
      // Grace lets every step lie a little before the one before it.
      return {
        startMs: span.startMs - plan.graceMs * plan.steps.length,
        endMs: span.endMs + plan.windowMs,
      };
    case 'retention':
      return { ...span, endMs: Math.max(span.endMs, observedEnd(plan)) };
    case 'frequency':
    case 'flow':
      return span;
  }
}

function around(left: Span, right: Span): Span {
  return {
    startMs: Math.min(left.startMs, right.startMs),
    endMs: Math.max(left.endMs, right.endMs),
  };
}

function observedBy(measure: MeasurePlan, span: Span): Span {
  if (measure.type !== 'active') return span;
  const { starts, ends } = measure.windows;
  return {
    startMs: Math.min(span.startMs, starts[0]),
    endMs: Math.max(span.endMs, ends[ends.length - 1]),
  };
}
