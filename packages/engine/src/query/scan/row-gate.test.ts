import { querySchema, type QueryInput } from '@arbor/schema/query';
import { expect, test } from 'vitest';
import { planQuery } from '../plan/plan.ts';
import { rowGate, type RowGate } from './row-gate.ts';

const dayMs = 86_400_000;
const [startMs, endMs] = [Date.UTC(2024, 2, 4), Date.UTC(2024, 2, 6)];
const range = { from: '2024-03-04', to: '2024-03-05' };
const price = { scope: 'event' as const, name: 'price' };
const of = (...events: string[]) => ({ anyOf: events.map((event) => ({ event })) });

type Funnel = Partial<Extract<QueryInput, { type: 'funnel' }>>;
type Retention = Partial<Extract<QueryInput, { type: 'retention' }>>;

function gateOf(query: QueryInput): RowGate | null {
  const context = { timezone: 'UTC', weekStart: 1, nowMs: endMs + 90 * dayMs, shardCount: 1 };
  return rowGate(planQuery(querySchema.parse(query), context));
}

const ofFunnel = (options: Funnel): RowGate | null =>
  gateOf({
    type: 'funnel',
    range,
    steps: [of('A'), of('B'), of('C')],
    window: { value: 2, unit: 'day' },
    ...options,
  });

const ofRetention = (options: Retention): RowGate | null =>
  gateOf({ type: 'retention', range, birth: of('A'), return: of('B'), intervals: 3, ...options });

/** Names of events by what the gate says of them. */
const namesOf = (gate: RowGate | null) =>
  gate && {
    entries: [...gate.entries],
    once: [...gate.once],
    firstEver: [...gate.firstEver],
    always: [...gate.always],
  };

test('a funnel is open from the first entry to the end of its window, and one entry says all', () => {
  const gate = ofFunnel({ sum: price, graceMs: 1000 });
  expect(gate).toMatchObject({ startMs, endMs, leadMs: 3000, reachMs: 2 * dayMs });
  expect(gate?.isFirstAlone).toBe(true);
  expect(namesOf(gate)).toEqual({ entries: ['A'], once: ['A'], firstEver: [], always: [] });
});

test('every entry opens it anew where attempts follow one another, and none of them is left out', () => {
  const options: Funnel[] = [
    { counting: 'totals', sum: price },
    { entry: 'any', sum: price },
    { reentry: 'optimized' },
    { hold: [price] },
    { breakdowns: [{ property: price }], attribution: { type: 'last' } },
  ];
  for (const own of options) {
    expect([ofFunnel(own)?.isFirstAlone, namesOf(ofFunnel(own))?.once]).toEqual([false, []]);
  }
});

test('in any order every step up to an anchor may be the entry', () => {
  const entries = (anchors: number[]) => namesOf(ofFunnel({ order: 'any', anchors }))?.once;
  expect([entries([]), entries([0]), entries([2])]).toEqual([['A', 'B', 'C'], ['A'], ['A', 'B']]);
});

test('in trends each period has an entry of its own', () => {
  const gate = ofFunnel({ unit: 'day', trends: true });
  expect(gate?.isFirstAlone).toBe(false);
  expect(Array.from(gate?.edges ?? [])).toEqual([startMs, startMs + dayMs, endMs]);
});

test('an event that is spoken of elsewhere, or filtered, is looked at each time', () => {
  const filters = [
    { type: 'property' as const, property: price, operator: 'is_set' as const, values: [] },
  ];
  const filtered = { anyOf: [{ event: 'A', filters }] };
  const options: Funnel[] = [
    { order: 'strict' },
    { exclusions: [{ selector: of('A'), from: 0, to: 1 }] },
    { steps: [of('A'), of('B', 'A')], sum: price },
    { steps: [filtered, of('B')], sum: price },
  ];
  for (const own of options) expect(namesOf(ofFunnel(own))?.once).toEqual([]);
  expect(ofFunnel({ steps: [filtered, of('B')], sum: price })?.isFirstAlone).toBe(false);
});

test('of a first time ever the first row is enough, if nothing else looks at the event', () => {
  const first = { anyOf: [{ event: 'A', firstTime: 'event' as const }] };
  expect(namesOf(ofFunnel({ steps: [first, of('B')] }))).toMatchObject({
    firstEver: ['A'],
    always: [],
  });
  expect(namesOf(ofFunnel({ steps: [first, of('A')] }))).toMatchObject({
    firstEver: [],
    always: ['A'],
  });
});

test('a retention is open from a birth to the end of its last interval', () => {
  const gate = ofRetention({ brackets: [1, 4], segmentBy: 'return' });
  expect(gate).toMatchObject({ startMs, endMs, leadMs: 0, reachMs: 5 * dayMs });
  expect(namesOf(gate)).toMatchObject({ entries: ['A'], once: ['A'] });
  expect(ofRetention({ return: of('A') })?.once.size).toBe(0);
  expect(ofRetention({ mode: 'calendar' })?.reachMs).toBe(Infinity);
  expect(ofRetention({ births: 'first' })?.isFirstAlone).toBe(true);
});

test('where anything else of the history of users counts, every row does', () => {
  const between = { type: 'behavior' as const, selector: of('D'), aggregate: 'count' as const };
  const options: Funnel[] = [
    { window: { value: 1, unit: 'session' } },
    { steps: [of('$session_start'), of('B')] },
    { steps: [{ anyOf: [{ event: null }] }, of('B')] },
    { steps: [of('A'), { anyOf: [{ event: 'B', firstTime: 'event' }] }] },
    { steps: [{ anyOf: [{ event: 'A', firstTime: 'matching' }] }, of('B')] },
    { breakdowns: [{ property: { ...price, computed: between } }] },
  ];
  for (const own of options) expect(ofFunnel(own)).toBe(null);
  expect(gateOf({ type: 'flow', range, anchors: [{ selector: of('A') }] })).toBe(null);
});

test('in a strict order what is no step breaks off the attempt of the first entry', () => {
  const breaks = ofFunnel({ order: 'strict' })?.breaks;
  expect(breaks?.instants).toBe(3);
  expect([...(breaks?.except ?? [])]).toEqual([
    'A',
    'B',
    'C',
    '$identify',
    '$create_alias',
    '$merge',
  ]);
});

test('rows of a strict order are as others where they may share an attempt with a step, or attempts are several', () => {
  const options: Funnel[] = [
    { order: 'any' },
    { order: 'strict', graceMs: 1 },
    { order: 'strict', counting: 'totals' },
    { order: 'strict', entry: 'any' },
    { order: 'strict', steps: [of('A'), { anyOf: [{ event: null }] }] },
  ];
  for (const own of options) expect(ofFunnel(own)?.breaks ?? null).toBeNull();
});
