import { expect, test } from 'vitest';
import type { EventSelector } from '@arbor/schema/query';
import { noDefinitions } from '../../src/query/plan/plan-scope.ts';
import { ask, later } from '../model/ask.ts';
import { d1Views, event, only } from './sample-data.ts';

const wholeRange = { from: '2024-03-04', to: '2024-03-12' };
const anyEvent: EventSelector = { anyOf: [{ event: null, filters: [] }] };

/** Signup is hidden in the Lexicon. */
const signupHidden = {
  ...later,
  definitions: { ...noDefinitions, hiddenEvents: ['Signup'] },
};

function total(selector: EventSelector, context = later): number | null {
  const { series } = ask(
    d1Views,
    {
      type: 'insights',
      range: wholeRange,
      metrics: [{ selector, measure: { type: 'total' } }],
    },
    context,
  );
  return series[0].total;
}

test('18: a hidden event is none of "any event", and counts where it is chosen', () => {
  expect(total(anyEvent)).toBe(10);
  expect(total(anyEvent, signupHidden)).toBe(7);
  expect(total(only('Signup'), signupHidden)).toBe(3);
});

test('18: a hidden event begins no session: the first of u1 on 03-04 starts at 09:10', () => {
  const { series } = ask(
    d1Views,
    {
      type: 'insights',
      range: { from: '2024-03-04', to: '2024-03-04' },
      unit: 'minute',
      metrics: [{ selector: only('$session_start'), measure: { type: 'total' } }],
      filters: [
        {
          type: 'property',
          property: event('$origin_start'),
          operator: 'equals',
          values: ['Play'],
        },
      ],
    },
    signupHidden,
  );
  expect(series[0].total).toBe(1);
  expect(series[0].values.indexOf(1)).toBe(9 * 60 + 10);
});

test('18: a hidden event is a step of a funnel that names it', () => {
  const { steps } = ask(
    d1Views,
    {
      type: 'funnel',
      range: { from: '2024-03-04', to: '2024-03-05' },
      steps: [only('Signup'), only('Play')],
      window: { value: 7, unit: 'day' },
    },
    signupHidden,
  );
  expect(steps.map(({ count }) => count)).toEqual([3, 3]);
});

test('18: Signup and Play merged into one event are ten', () => {
  const merged: EventSelector = {
    anyOf: [
      { event: 'Play', filters: [] },
      { event: 'Signup', filters: [] },
    ],
  };
  expect(total(merged)).toBe(10);
});

test('15: the range of a board stands in the place of the report’s own, its filters beside those of the report', () => {
  const plays = (range: { from: string; to: string }, song?: string): number | null => {
    const { series } = ask(d1Views, {
      type: 'insights',
      range,
      metrics: [{ selector: only('Play'), measure: { type: 'total' } }],
      filters:
        song === undefined
          ? []
          : [{ type: 'property', property: event('song'), operator: 'equals', values: [song] }],
    });
    return series[0].total;
  };
  expect(plays({ from: '2024-03-05', to: '2024-03-05' })).toBe(2);
  expect(plays(wholeRange, 'A')).toBe(4);
});
