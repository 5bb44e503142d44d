import { describe, expect, it } from 'vitest';
import { convertReport, type Convertible } from './conversion.ts';
import type { EventState } from './question.ts';

const named = (event: string): EventState => ({ event, filters: [] });

const report = (change: Partial<Convertible> = {}): Convertible => ({
  type: 'funnel',
  range: { preset: '7d' },
  events: [named('A'), named('B'), named('C'), named('D')],
  filters: [],
  breakdowns: [
    { property: { scope: 'event', name: '$os' } },
    { property: { scope: 'event', name: 'plan' } },
  ],
  own: [],
  ...change,
});

describe('converting a report', () => {
  it('takes over events, filters, breakdowns and range', () => {
    const { state, leftOut } = convertReport(report(), 'insights');
    expect(state).toMatchObject({
      range: { preset: '7d' },
      metrics: ['A', 'B', 'C', 'D'].map((event) => ({ event, measure: { type: 'unique' } })),
      breakdowns: report().breakdowns,
    });
    expect(leftOut).toEqual([]);
  });

  it('makes the steps that a funnel lacks', () => {
    const { state } = convertReport(report({ type: 'insights', events: [named('A')] }), 'funnel');
    expect(state).toMatchObject({ steps: [{ event: 'A' }, { filters: [] }] });
  });

  it('asks who did the first event and came back to the last, and names what lies between', () => {
    const { state, leftOut } = convertReport(report({ own: ['the window'] }), 'retention');
    expect(state).toMatchObject({ birth: { event: 'A' }, return: { event: 'D' } });
    expect(leftOut).toEqual(['the window', '2 events between']);
    const alone = convertReport(report({ events: [named('A')] }), 'retention');
    expect(alone.state).toMatchObject({ birth: { event: 'A' }, return: { event: 'A' } });
  });

  it('leaves out of a flow what is more than three events and one property', () => {
    const { state, leftOut } = convertReport(report(), 'flow');
    expect(state).toMatchObject({
      anchors: [{ event: 'A' }, { event: 'B' }, { event: 'C', after: 3 }],
      breakdown: { scope: 'event', name: '$os' },
    });
    expect(leftOut).toEqual(['1 event', '1 breakdown']);
  });
});
