import { expect, test } from 'vitest';
import { querySchema } from '@arbor/schema/query';
import { analysisChoices, analysisLabel, analysisValue, askedAnalysis } from './analysis.ts';
import { initialState, insightsQuery, insightsStateSchema, reportTitle } from './state.ts';

test('offers the usual ones, and keeps another one that a link brought along', () => {
  const values = analysisChoices(null).map(({ value }) => value);
  expect(values).toEqual([
    'linear',
    'rolling 7',
    'rolling 3',
    'rolling 14',
    'rolling 28',
    'cumulative',
  ]);
  const other = { type: 'rolling', buckets: 5 } as const;
  expect(analysisChoices(other).at(-1)).toEqual({
    value: 'rolling 5',
    label: 'Rolling mean of 5',
    analysis: other,
  });
  expect(analysisChoices({ type: 'cumulative' })).toHaveLength(values.length);
});

test('is asked of every metric, and said in the name of the report', () => {
  const state = { ...initialState, analysis: { type: 'rolling', buckets: 7 } as const };
  const query = insightsQuery(state, 'UTC', Date.UTC(2026, 2, 1));
  expect(querySchema.safeParse(query).error).toBeUndefined();
  expect(query?.metrics).toMatchObject([{ rolling: 7, measure: { type: 'total' } }]);
  expect(reportTitle(state)).toContain('Any event, total, rolling mean of 7');
  expect(askedAnalysis({ type: 'cumulative' })).toEqual({ cumulative: true });
  expect(askedAnalysis(null)).toEqual({});
  expect(analysisValue(null)).toBe('linear');
  expect(analysisLabel(null)).toBeNull();
});

test('links from before there was any stay as they are', () => {
  const { analysis, ...before } = initialState;
  expect(analysis).toBeNull();
  expect(insightsStateSchema.parse(before)).toEqual(initialState);
});
