import { describe, expect, it } from 'vitest';
import { querySchema } from '@arbor/schema/query';
import type { RetentionResult } from '@arbor/schema/result';
import { decodeState, encodeState } from '#report/url-state.ts';
import {
  cellText,
  heat,
  highestRate,
  intervalLabel,
  pastTitlesOf,
  retentionCsv,
  retentionCurve,
  retentionView,
} from './model.ts';
import {
  incompleteFilters,
  initialState,
  reportTitle,
  retentionQuery,
  retentionStateSchema,
} from './state.ts';

const bucket = (day: string): RetentionResult['cohorts'][number]['bucket'] => ({
  start: `2026-03-${day}T00:00:00+01:00`,
  startMs: 0,
  endMs: 1,
  incomplete: false,
});
const table: Pick<RetentionResult, 'cohorts' | 'average'> = {
  cohorts: [
    { bucket: bucket('01'), size: 10, counts: [8, 4], complete: [true, true] },
    { bucket: bucket('02'), size: 20, counts: [10, null], complete: [false, false] },
  ],
  average: { size: 10, counts: [8, 4], rates: [0.8, 0.4] },
};
const result: RetentionResult = { type: 'retention', ...table, segments: [], segmentCount: 0 };

const asked = { ...initialState, range: { from: '2026-03-01', to: '2026-03-02' } };

describe('retentionView', () => {
  const view = retentionView(result, 'day', 'rolling');

  it('keeps apart what is in the future, incomplete and complete', () => {
    expect(view.overall.cohorts[1]?.cells).toEqual([
      { count: 10, rate: 0.5, complete: false },
      null,
    ]);
    expect(view.overall.cohorts[0]?.cells[1]).toEqual({ count: 4, rate: 0.4, complete: true });
  });

  it('names brackets by the units they hold, and cells by what is to be seen', () => {
    expect(retentionView(result, 'day', 'calendar', [1, 3]).intervals).toEqual([
      'Same day',
      'Days 1–3',
    ]);
    const query = retentionQuery({ ...asked, brackets: [1, 3, 4] }, 'UTC', 0);
    expect(query).toMatchObject({ intervals: 3, brackets: [1, 3, 4] });
    expect(querySchema.safeParse(query).success).toBe(true);
    expect(cellText({ rate: 0.5, count: 10 }, 'both')).toBe('50.0\u00a0% · 10');
    expect(cellText({ rate: null, count: null }, 'users')).toBe('–');
  });

  it('has the averages of the time that it is compared with', () => {
    const average = { size: 5, counts: [4, 1], rates: [0.8, 0.2] };
    const comparison = { ...table, average, segments: [], segmentCount: 0 };
    const compared = retentionView({ ...result, comparison }, 'day', 'rolling');
    expect(compared.overall.past).toEqual({
      size: 5,
      averageCounts: [4, 1],
      averageRates: [0.8, 0.2],
    });
    const curve = retentionCurve(compared);
    expect(curve.series[0]?.past).toEqual([0.8, 0.2]);
    expect(pastTitlesOf(curve).pastTitles).toEqual([
      '< 1 day, cohorts before',
      'Day 1, cohorts before',
    ]);
    expect(view.overall.past).toBeNull();
    expect(pastTitlesOf(retentionCurve(view))).toEqual({});
  });

  it("shows the server's averages, which weight complete cohorts only", () => {
    expect(retentionCurve(view).series[0]?.values).toEqual([0.8, 0.4]);
  });

  it('draws a line a segment when there are any', () => {
    const segments = Array.from({ length: 14 }, (_, i) => ({
      segment: { type: 'string' as const, text: `s${i}` },
      ...table,
    }));
    const broken = retentionView({ ...result, segments, segmentCount: 14 }, 'day', 'rolling');
    expect(retentionCurve(broken).series.map((series) => series.name)).toEqual(
      Array.from({ length: 12 }, (_, i) => `s${i}`),
    );
  });

  it('knows when there is nobody, and when it is too early', () => {
    const nobody = { ...result, cohorts: result.cohorts.map((cohort) => ({ ...cohort, size: 0 })) };
    expect(retentionView(nobody, 'day', 'rolling').empty).toBe(true);
    const early = { ...result, average: { size: null, counts: [null], rates: [null] } };
    expect(retentionView(early, 'day', 'rolling').tooEarly).toBe(true);
    expect(view.empty || view.tooEarly).toBe(false);
  });

  it('colours by the highest rate of the table', () => {
    const highest = highestRate(view.overall);
    expect(heat(0.8, highest)).toBe(1);
    expect(heat(0.4, highest)).toBe(0.5);
    expect(heat(null, highest)).toBe(0);
    expect(heat(0, highestRate({ cohorts: [] }))).toBe(0);
  });

  it('finds the highest rate of a year of hours', () => {
    const [cohort] = view.overall.cohorts;
    if (cohort === undefined) throw new Error('the view has no cohort');
    const cells = Array.from({ length: 25 }, (_, n) => ({
      count: 25 - n,
      rate: (25 - n) / 50,
      complete: true,
    }));
    const cohorts = Array.from({ length: 365 * 24 }, () => ({ ...cohort, cells }));
    expect(highestRate({ cohorts })).toBe(0.5);
  });

  it('gives every cohort to the CSV', () => {
    expect(retentionCsv(view)).toEqual([
      [
        'Segment',
        'Cohort',
        'Size',
        '< 1 day: users',
        '< 1 day: rate',
        'Day 1: users',
        'Day 1: rate',
      ],
      ['All users', 'Sun 1 Mar 2026', 10, 8, 0.8, 4, 0.4],
      ['All users', 'Mon 2 Mar 2026', 20, 10, 0.5, null, null],
    ]);
  });
});

describe('intervalLabel', () => {
  it('says what interval 0 is', () => {
    expect(intervalLabel(0, 'week', 'rolling')).toBe('< 1 week');
    expect(intervalLabel(0, 'week', 'calendar')).toBe('Same week');
    expect(intervalLabel(3, 'month', 'rolling')).toBe('Month 3');
  });
});

describe('state', () => {
  it('survives the URL', () => {
    const state = { ...initialState, opened: 'string:pro', unit: 'week' as const };
    expect(decodeState(retentionStateSchema, encodeState(state))).toEqual(state);
  });

  it('is a query the server accepts; what is shown is not part of it', () => {
    const query = retentionQuery(initialState, 'UTC', Date.UTC(2026, 0, 31));
    expect(querySchema.safeParse(query).success).toBe(true);
    expect(
      retentionQuery({ ...initialState, shown: 'users' }, 'UTC', Date.UTC(2026, 0, 31)),
    ).toEqual(query);
  });

  it('is no query while an event is missing, and counts incomplete filters', () => {
    const birth = { filters: [] };
    expect(retentionQuery({ ...initialState, birth }, 'UTC', 0)).toBeNull();
    expect(incompleteFilters(initialState)).toBe(0);
  });

  it('is named by its sentence', () => {
    expect(reportTitle(initialState)).toBe('Any event, then Any event, by day');
  });
});
