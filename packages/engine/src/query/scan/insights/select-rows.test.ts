import fc from 'fast-check';
import { expect, test } from 'vitest';
import { insightsQuerySchema } from '@arbor/schema/query';
import { plainScope } from '../../../../test/model/plain-scope.ts';
import { propertyRuns, propertySeed } from '../../../../test/model/property-runs.ts';
import { insightsQuery, world } from '../../../../test/model/random-worlds.ts';
import { buildScanSource } from '../../../../test/model/scan-source.ts';
import { planFilters, planSelector } from '../../plan/filters.ts';
import type { PropertyFilterPlan } from '../../plan/plan-types.ts';
import { compileMatch, type EventMatch } from '../row-mask.ts';
import type { EventRows } from '../scan-source.ts';
import { countRows, RowScratch } from './select-rows.ts';
import { listPassingUsers } from './user-entries.ts';

/** Rows of ada, bob and cyd: 3, 1 and 2, with these codes of `p` and of `q`. */
const rows: EventRows = {
  event: 0,
  rowCount: 6,
  users: Uint32Array.of(1, 2, 3),
  starts: Uint32Array.of(0, 3, 4, 6),
  times: new Uint32Array(6),
  tieRanks: null,
  column: (name) =>
    ({
      p: { codes: Uint8Array.of(1, 2, 1, 1, 2, 0), dictionary: dictionary('x', 'y') },
      q: { codes: Uint16Array.of(1, 1, 2, 2, 2, 2), dictionary: dictionary('x', 'y') },
    })[name],
};

function dictionary(...values: string[]) {
  return { values: [null, ...values], numbers: new Float64Array(values.length + 1).fill(NaN) };
}

const isX = (scope: 'event' | 'person', name: string): PropertyFilterPlan => ({
  type: 'property',
  property: { scope, name },
  operator: 'equals',
  values: ['x'],
});

function matchOf(...filters: PropertyFilterPlan[]): EventMatch {
  const source = {
    eventNames: ['A'],
    userCount: 3,
    mergedUsers: new Uint32Array(0),
    days: [],
    userId: () => '',
    // Ada and cyd have x.
    personColumn: () => ({ codes: Uint8Array.of(0, 1, 2, 1), dictionary: dictionary('x', 'y') }),
  };
  const match = compileMatch([{ event: 'A', filters: [] }], filters, source).ofEvent(0);
  if (match === null) throw new Error('no match');
  return match;
}

const count = (...filters: PropertyFilterPlan[]): number =>
  countRows(matchOf(...filters), rows, new RowScratch());

test('counts rows by one column, by several, and by their users beside them', () => {
  expect(count()).toBe(6);
  expect(count(isX('event', 'p'))).toBe(3);
  expect(count(isX('event', 'p'), isX('event', 'q'))).toBe(1);
  expect(count(isX('person', 'plan'))).toBe(5);
  expect(count(isX('person', 'plan'), isX('event', 'p'))).toBe(2);
  expect(count(isX('person', 'plan'), isX('event', 'p'), isX('event', 'q'))).toBe(1);
  expect(count(isX('person', 'plan'), isX('event', 'missing'))).toBe(0);
});

test('one column is all that decides where there is one filter, beside those of users', () => {
  expect(matchOf(isX('event', 'p')).onlyCodes(rows)?.byCode).toEqual(Uint8Array.of(0, 1, 0));
  expect(matchOf(isX('event', 'p'), isX('person', 'plan')).onlyCodes(rows)).not.toBeNull();
  expect(matchOf(isX('event', 'p'), isX('event', 'q')).onlyCodes(rows)).toBeNull();
  expect(matchOf(isX('event', 'missing')).onlyCodes(rows)).toBeNull();
});

test('lists users with any row whose code passes, from any run on', () => {
  const verdicts = matchOf(isX('event', 'p')).onlyCodes(rows);
  if (verdicts === null) throw new Error('no verdicts');
  const out = new Uint32Array(3);
  const slice = { rows, firstRun: 0, endRun: 3, firstRow: 0, endRow: 6 };
  expect([listPassingUsers(slice, verdicts, 1, out), ...out.slice(0, 2)]).toEqual([2, 0, 1]);
  const later = { ...slice, firstRun: 1, firstRow: 3 };
  expect([listPassingUsers(later, verdicts, 1, out), out[0]]).toEqual([1, 1]);
});

test(`counts as many rows as the mask lets through (seed ${propertySeed})`, () => {
  fc.assert(
    fc.property(world, insightsQuery, (things, question) => {
      const { filters, metrics } = insightsQuerySchema.parse(question);
      const [metric] = metrics;
      if (!('selector' in metric)) return;
      const source = buildScanSource(things);
      const match = compileMatch(
        planSelector(metric.selector, plainScope()),
        planFilters(filters, plainScope()),
        source,
      );
      for (const own of source.days.flatMap(({ events }) => events)) {
        const event = match.ofEvent(own.event);
        if (event === null) continue;
        const mask = new Uint8Array(own.rowCount);
        const judgement = event.judge(own, 0, own.rowCount, mask);
        const passing = judgement === 'all' ? own.rowCount : mask.filter((bit) => bit === 1).length;
        expect(countRows(event, own, new RowScratch())).toBe(judgement === 'none' ? 0 : passing);
      }
    }),
    { numRuns: propertyRuns, seed: propertySeed },
  );
});
