import { passes } from '../exec/verdicts.ts';
import { notPlain } from '../plan/plain-plan.ts';
import type { FilterPlan, MatchPlan, SelectorPlan } from '../plan/plan-types.ts';
import { listRows } from './list-rows.ts';
import type { RowRoom } from './list-rows.ts';
import { eventNameProperty, isOfUser, peopleMask } from './people-mask.ts';
import { allTest, anyTest, constantTest, propertyTest, userTest } from './row-tests.ts';
import type { CodeVerdicts, Judgement, RowTest } from './row-tests.ts';
import type { EventRows, ScanSource } from './scan-source.ts';

/** Which rows a selector and the filters of a report let through: the meaning of `exec/filter-mask.ts`. */
export interface RowMatch {
  /** By index into `source.eventNames`; null = no row of this event passes. Cheap, and kept. */
  ofEvent(event: number): EventMatch | null;
}

export interface EventMatch {
  /**
   * What users decide alone, 1 by ordinal (0 = nobody included): to be tested once a run of rows. Null =
   * it is all the same who it is. Shared between matches, never written to.
   */
  readonly users: Uint8Array | null;
  /** Rows pass as soon as their user does: `judgeRows` is always `all`. */
  readonly usersDecide: boolean;
  /** Where codes of one column are all that decides among rows, `users` left out: these. Else null. */
  onlyCodes(rows: EventRows): CodeVerdicts | null;
  /** What rows decide; `users` is left out. As `judge`. */
  judgeRows(rows: EventRows, first: number, end: number, mask: Uint8Array): Judgement;
  /** Everything. Answers for rows first … end − 1; after `some`, mask[row − first] is 1 where a row passes. */
  judge(rows: EventRows, first: number, end: number, mask: Uint8Array): Judgement;
  /** Lists those of the rows first … end − 1 that pass, ascending, in `room.rows`; returns how many. */
  list(rows: EventRows, first: number, end: number, room: RowRoom): number;
}

/** Events of the protocol itself; "any event" leaves them out (3.2). */
const protocolEvents: ReadonlySet<string> = new Set(['$identify', '$create_alias', '$merge']);

/** Prepares a selector and filters (all must pass) for the rows of a source. One thread uses the result. */
export function compileMatch(
  selector: SelectorPlan,
  filters: readonly FilterPlan[],
  source: ScanSource,
): RowMatch {
  const made: (EventMatch | null | undefined)[] = [];
  return {
    ofEvent: (event) => {
      let match = made[event];
      if (match === undefined) {
        match = compileEvent(source.eventNames[event], { selector, filters }, source);
        made[event] = match;
      }
      return match;
    },
  };
}

/** Whether a match of a selector speaks of the event. */
export function namesEvent({ event }: MatchPlan, name: string): boolean {
  return event === null ? !protocolEvents.has(name) : event === name;
}

function compileEvent(
  name: string,
  {
    selector,
    filters,
  }: { readonly selector: SelectorPlan; readonly filters: readonly FilterPlan[] },
  source: ScanSource,
): EventMatch | null {
  const options = selector.filter((match) => namesEvent(match, name));
  if (options.length === 0) return null;
  const open = options.some((option) => option.filters.length === 0);
  // With one option its filters hold for every row, like those of the report.
  const all = options.length === 1 ? [...options[0].filters, ...filters] : filters;
  const every = all.flatMap(conditionsOf);
  const tests = every
    .filter((filter) => !isOfUser(filter))
    .map((filter) => compileFilter(filter, name, source));
  if (options.length > 1 && !open) {
    const choices = options.map((option) =>
      allTest(option.filters.map((filter) => compileFilter(filter, name, source))),
    );
    tests.push(anyTest(choices));
  }
  const ofUsers = every.filter(isOfUser);
  return eventMatch(ofUsers.length === 0 ? null : peopleMask(ofUsers, source), tests);
}

/** Filters of which each must pass, one by one: the narrowest of them is looked at first. */
function conditionsOf(filter: FilterPlan): FilterPlan[] {
  return filter.type === 'all' ? filter.filters.flatMap(conditionsOf) : [filter];
}

function eventMatch(users: Uint8Array | null, tests: readonly RowTest[]): EventMatch {
  const rowTest = tests.length === 0 ? constantTest(true) : allTest(tests);
  const all = users === null ? tests : [...tests, userTest(users)];
  const whole = users === null ? rowTest : allTest([rowTest, userTest(users)]);
  return {
    users,
    usersDecide: tests.length === 0,
    onlyCodes: (rows) => onlyCodes(tests, rows),
    judgeRows: (rows, first, end, mask) => rowTest.judge({ rows, first, end }, mask),
    judge: (rows, first, end, mask) => whole.judge({ rows, first, end }, mask),
    list: (rows, first, end, room) => listRows(all, { rows, first, end }, room),
  };
}

function onlyCodes(tests: readonly RowTest[], rows: EventRows): CodeVerdicts | null {
  let only: CodeVerdicts | null = null;
  for (const test of tests) {
    const known = test.foretell(rows);
    if (known === 'all') continue;
    if (known === 'none' || only !== null || test.verdicts === undefined) return null;
    only = test.verdicts(rows);
  }
  return only;
}

function compileFilter(filter: FilterPlan, eventName: string, source: ScanSource): RowTest {
  if (isOfUser(filter)) return userTest(peopleMask([filter], source));
  switch (filter.type) {
    case 'all':
      return allTest(filter.filters.map((inner) => compileFilter(inner, eventName, source)));
    case 'any':
      return anyTest(filter.filters.map((inner) => compileFilter(inner, eventName, source)));
    case 'property':
      return filter.property.name === eventNameProperty
        ? constantTest(passes(filter, eventName))
        : propertyTest(filter);
    case 'items':
    case 'cohort':
      return notPlain(filter.type);
  }
}
