import { expect, it } from 'vitest';
import type { ReportType } from '@arbor/schema/saved-reports';
import { convertReport, type Convertible } from '#report/conversion.ts';
import { convertibleOf } from './convertible.ts';
import { initialState, insightsStateSchema } from './state.ts';

const types: readonly ReportType[] = ['insights', 'funnel', 'retention', 'flow'];

it('reads what any other report is converted to', () => {
  for (const type of types) {
    for (const events of [[], [{ event: 'A', filters: [] }]]) {
      const report: Convertible = {
        type,
        range: { preset: '7d' },
        events,
        filters: [],
        breakdowns: [{ property: { scope: 'event', name: 'plan' } }],
        own: [],
      };
      const { state } = convertReport(report, 'insights');
      const read = insightsStateSchema.parse(state);
      expect(read.range).toEqual({ preset: '7d' });
      expect(convertibleOf(read).events).toEqual(events);
    }
  }
});

it('has what a new report asks', () => {
  expect(convertibleOf(initialState)).toMatchObject({
    type: 'insights',
    filters: [],
    breakdowns: [],
  });
});
