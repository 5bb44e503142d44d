import { expect, test } from 'vitest';
import type { EventSelectorInput } from '@arbor/schema/query';
import { noDefinitions } from '../../src/query/plan/plan-scope.ts';
import { ask, later } from '../model/ask.ts';
import { d1Views, did, event, viewsOf } from './sample-data.ts';

function insights(selector: EventSelectorInput) {
  return {
    type: 'insights' as const,
    range: { from: '2024-03-04', to: '2024-03-12' },
    metrics: [{ selector, measure: { type: 'total' as const } }],
  };
}

const equals = (name: string, value: string) => ({
  type: 'property' as const,
  property: event(name),
  operator: 'equals' as const,
  values: [value],
});

test('4.7 example 6: first-time-ever Play a day', () => {
  const first: EventSelectorInput = { anyOf: [{ event: 'Play', firstTime: 'event' }] };
  const { series } = ask(d1Views, insights(first));
  expect(series[0].values).toEqual([1, 1, 1, 0, 0, 0, 0, 0, 1]);
});

test('3.4: the first time ever may lie before the range', () => {
  const range = { from: '2024-03-05', to: '2024-03-12' };
  const first: EventSelectorInput = { anyOf: [{ event: 'Play', firstTime: 'event' }] };
  expect(ask(d1Views, { ...insights(first), range }).series[0].total).toBe(3);
});

test('3.4: the first one is found before other filters look at it, or after', () => {
  const filters = [equals('song', 'B')];
  const total = (firstTime: 'event' | 'matching') =>
    ask(d1Views, insights({ anyOf: [{ event: 'Play', firstTime, filters }] })).series[0].total;
  expect(total('event')).toBe(0);
  // u1 on 03-05 and u2 on 03-11.
  expect(total('matching')).toBe(2);
});

test('3.4: filters of the report look at the first one', () => {
  const filters = [equals('song', 'B')];
  const asked = insights({ anyOf: [{ event: 'Play', firstTime: 'matching' }] });
  expect(ask(d1Views, { ...asked, filters }).series[0].total).toBe(0);
});

test('3.4: ties at the first instant all match', () => {
  const views = viewsOf(
    did('u', 'A', '03-04 10:00'),
    did('u', 'A', '03-04 10:00'),
    did('u', 'A', '03-04 10:01'),
    did('', 'A', '03-04 09:00'),
  );
  const asked = insights({ anyOf: [{ event: 'A', firstTime: 'event' }] });
  expect(ask(views, asked).series[0].total).toBe(2);
});

test('3.4: of a custom event, the first time of any that it stands for', () => {
  const views = viewsOf(
    did('u', 'A', '03-04 10:00', { k: 'x' }),
    did('u', 'B', '03-05 10:00', { k: 'y' }),
    did('v', 'B', '03-05 10:00', { k: 'y' }),
  );
  const definition = [{ event: 'A' }, { event: 'B' }];
  const total = (firstTime: 'event' | 'matching' | undefined, value: string) => {
    const filters = [equals('k', value)];
    const match = { event: null, definition, filters, ...(firstTime && { firstTime }) };
    return ask(views, insights({ anyOf: [match] })).series[0].total;
  };
  expect(total(undefined, 'y')).toBe(2);
  expect(total('event', 'y')).toBe(1);
  expect(total('matching', 'y')).toBe(2);
});

test('3.2: any event leaves out hidden ones, which may be asked for by name', () => {
  const definitions = { ...noDefinitions, hiddenEvents: ['Signup'] };
  const total = (name: string | null) =>
    ask(d1Views, insights({ anyOf: [{ event: name }] }), { ...later, definitions }).series[0].total;
  expect(total(null)).toBe(7);
  expect(total('Signup')).toBe(3);
});
