import { describe, expect, it } from 'vitest';
import { querySchema } from '@arbor/schema/query';
import type { FunnelResult, FunnelStepResult } from '@arbor/schema/result';
import { decodeState, encodeState } from '#report/url-state.ts';
import { drawnMax, funnelCsv, funnelView } from './model.ts';
import {
  funnelQuery,
  funnelStateSchema,
  initialState,
  leftOut,
  moveStep,
  reportTitle,
  type FunnelState,
} from './state.ts';

const step = (count: number, medianMs: number | null = null): FunnelStepResult => ({
  count,
  averageFromEntryMs: medianMs,
  medianFromEntryMs: medianMs,
  averageFromPreviousMs: medianMs,
  medianFromPreviousMs: medianMs,
});
const result = (counts: number[], segments: FunnelResult['segments'] = []): FunnelResult => ({
  type: 'funnel',
  steps: counts.map((count) => step(count)),
  segments,
  segmentCount: segments.length,
  stillOpen: 0,
});
const stepNames = ['View', 'Cart', 'Order'];

describe('funnelView', () => {
  it('relates each step to the first and to the one before', () => {
    const { overall } = funnelView({
      result: result([200, 100, 25]),
      stepNames,
      selected: null,
      counting: 'unique',
    });
    expect(
      overall.steps.map(({ ofFirst, ofPrevious, lost }) => [ofFirst, ofPrevious, lost]),
    ).toEqual([
      [1, null, 0],
      [0.5, 0.5, 100],
      [0.125, 0.25, 75],
    ]);
    expect(overall.conversion).toBe(0.125);
  });

  it('has beside each row what it was at the time it is compared with', () => {
    const segment = { type: 'string', text: 'Germany' } as const;
    const germany = { segment, steps: [step(10), step(5), step(1)] };
    const before = { segment, steps: [step(8), step(4), step(2)] };
    const range = { start: '2026-03-01T00:00:00Z', startMs: 0, endMs: 1, incomplete: false };
    const { type, ...past } = result([100, 50, 20], [before]);
    const compared: FunnelResult = {
      ...result([200, 100, 25], [germany]),
      comparison: { ...past, range },
    };
    const asked = { stepNames, selected: null, counting: 'unique' } as const;
    const view = funnelView({ ...asked, result: compared });
    expect(view.rows.map(({ past: row }) => row?.conversion)).toEqual([0.2, 0.25]);
    expect(funnelCsv(view)[1]?.slice(0, 5)).toEqual(['All users', 0.125, 0.2, 200, 100]);
    const alone = funnelView({ ...asked, result: result([200, 100, 25], [germany]) });
    expect(alone.rows.map(({ past: row }) => row)).toEqual([null, null]);
    expect(type).toBe('funnel');
  });

  it('has no rate where nobody was before, and is empty without entries', () => {
    const view = funnelView({
      result: result([0, 0, 0]),
      stepNames,
      selected: null,
      counting: 'unique',
    });
    expect(view.overall.conversion).toBeNull();
    expect(view.empty).toBe(true);
    expect(view.stoppedAt).toBeNull();
  });

  it('names the step at which everybody stopped', () => {
    const view = funnelView({
      result: result([10, 0, 0]),
      stepNames,
      selected: null,
      counting: 'unique',
    });
    expect(view.stoppedAt).toBe(1);
  });

  it('draws the first segments instead of the overall funnel, twelve at most', () => {
    const segments = Array.from({ length: 20 }, (_, i) => ({
      segment: { type: 'string' as const, text: `s${i}` },
      steps: [step(10), step(5), step(1)],
    }));
    const input = { result: result([200, 100, 20], segments), stepNames };
    expect(
      funnelView({ ...input, selected: null, counting: 'unique' }).drawn.map((row) => row.name),
    ).toEqual(['s0', 's1', 's2', 's3', 's4', 's5']);
    const all = segments.map((_, i) => `string:s${i}`);
    expect(funnelView({ ...input, selected: all, counting: 'unique' }).drawn).toHaveLength(
      drawnMax,
    );
  });
});

describe('funnelCsv', () => {
  it('has a row a segment with users and medians', () => {
    const view = funnelView({
      result: { ...result([4, 1]), steps: [step(4), step(1, 90_000)] },
      stepNames: ['View', 'Order'],
      selected: null,
      counting: 'unique',
    });
    expect(funnelCsv(view)).toEqual([
      [
        'Segment',
        'Conversion',
        '1 View: users',
        '2 Order: users',
        '2 Order: median seconds from step before',
      ],
      ['All users', 0.25, 4, 1, 90],
    ]);
  });
});

describe('state', () => {
  const state: FunnelState = {
    ...initialState,
    steps: [{ event: 'View', filters: [] }, { filters: [] }, { event: 'Order', filters: [] }],
    breakdowns: [{ property: { scope: 'event', name: '$browser' } }],
  };

  it('survives the URL', () => {
    expect(decodeState(funnelStateSchema, encodeState(state))).toEqual(state);
    expect(decodeState(funnelStateSchema, encodeState(initialState))).toEqual(initialState);
  });

  it('asks for the chosen steps, two at least, in words the server accepts', () => {
    const query = funnelQuery(state, 'UTC', Date.UTC(2026, 0, 31));
    expect(query?.steps.map(({ anyOf }) => anyOf[0]?.event)).toEqual(['View', 'Order']);
    expect(querySchema.safeParse(query).success).toBe(true);
    expect(funnelQuery(initialState, 'UTC', 0)).toBeNull();
    expect(leftOut(state)).toEqual({ filters: 0, steps: 1, exclusions: 0 });
  });

  it('moves steps and stays inside the list', () => {
    const names = (steps: FunnelState['steps']): (string | null | undefined)[] =>
      steps.map(({ event }) => event);
    expect(names(moveStep(state.steps, 2, 0))).toEqual(['Order', 'View', undefined]);
    expect(names(moveStep(state.steps, 0, -1))).toEqual(['View', undefined, 'Order']);
    expect(names(moveStep(state.steps, 2, 3))).toEqual(['View', undefined, 'Order']);
  });

  it('is named by its steps', () => {
    expect(reportTitle(state)).toBe('View → Order, by Browser');
    expect(reportTitle(initialState)).toBe('New funnel');
  });
});
