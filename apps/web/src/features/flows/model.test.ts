import { describe, expect, it } from 'vitest';
import { listPointSchema, querySchema } from '@arbor/schema/query';
import type { FlowGraph, FlowResult } from '@arbor/schema/result';
import { decodeState, encodeState } from '#report/url-state.ts';
import { pathDrill } from './drill.ts';
import {
  columnTitle,
  droppedName,
  flowView,
  nodeOf,
  openedTitle,
  pathsCsv,
  pointOf,
  type PathRow,
} from './model.ts';
import {
  chosenAnchors,
  flowQuery,
  flowStateSchema,
  initialState,
  leftOut,
  reportTitle,
  withExpanded,
  withHidden,
  type FlowState,
} from './state.ts';

const graph = (event: string, entries: number): FlowGraph => ({
  entries,
  anchors: [entries, 1],
  steps: [
    { anchor: 0, step: 0, nodes: [{ key: event, event, count: entries }], dropOff: 0, links: [] },
  ],
  paths: [
    { events: [event, null, 'B'], count: 1, converted: 1, prefixCounts: [entries, 1, 1] },
    { events: [event, null], count: entries - 1, converted: 0, prefixCounts: [entries, 1] },
  ],
  pathCount: 2,
});
const result: FlowResult = {
  type: 'flow',
  ...graph('A', 4),
  segments: [
    { segment: { type: 'string', text: 'pro' }, ...graph('A', 3) },
    { segment: { type: 'not_set', text: '' }, ...graph('A', 1) },
  ],
  segmentCount: 2,
};

describe('pathDrill', () => {
  const view = flowView(result, null);
  const asked = { counting: 'unique' as const };
  const [first, second] = view.paths as [PathRow, PathRow];

  it('leads to who went that way, with as many users as the number says', () => {
    const target = pathDrill(second, 'whole', { view, asked })?.();
    expect(target).toMatchObject({ title: `A → ${droppedName}`, value: 3 });
    const point = { type: 'flow_path', events: ['A', null], outcome: 'whole', segment: null };
    expect(target?.lists).toMatchObject([
      { what: 'users', count: 3, point },
      { what: 'events', count: 3, point },
    ]);
    const totals = pathDrill(second, 'whole', { view, asked: { counting: 'totals' } })?.();
    expect(totals?.lists.map(({ count }) => count)).toEqual([null, 3]);
  });

  it('leads to those of the segment that is drawn', () => {
    const pro = flowView(result, 'string:pro');
    const [list] = pathDrill(first, 'converted', { view: pro, asked })?.().lists ?? [];
    expect(list?.point).toMatchObject({
      outcome: 'converted',
      segment: { type: 'string', text: 'pro' },
    });
    expect(listPointSchema.safeParse(list?.point).success).toBe(true);
  });

  it('leads nowhere from none', () => {
    expect(pathDrill(second, 'converted', { view, asked })).toBeNull();
  });
});

describe('openedTitle', () => {
  it('is the path that a point of the URL names, while the flow has it', () => {
    const view = flowView(result, null);
    const point = { type: 'flow_path', outcome: 'whole', segment: null } as const;
    expect(openedTitle(view, { ...point, events: ['A', null] })).toBe(`A → ${droppedName}`);
    expect(openedTitle(view, { ...point, events: ['Z'] })).toBeUndefined();
  });
});

describe('flowView', () => {
  it('draws all users, or the segment that was chosen', () => {
    expect(flowView(result, null)).toMatchObject({ entries: 4, segment: null });
    expect(flowView(result, 'string:pro')).toMatchObject({ entries: 3, segment: { name: 'pro' } });
    expect(flowView(result, 'string:gone')).toMatchObject({ entries: 4, segment: null });
  });

  it('tells other events inside a path from dropping off at its end', () => {
    const { paths } = flowView(result, null);
    expect(paths.map(({ names }) => names)).toEqual([
      ['A', 'Other events', 'B'],
      ['A', droppedName],
    ]);
    expect(paths.map(({ events }) => events)).toEqual([['A', 'B'], ['A']]);
    expect(paths.map(({ share }) => share)).toEqual([0.25, 0.75]);
  });

  it('says how many reached the last anchor only where there are several', () => {
    expect(flowView(result, null).converted).toBe(1);
    expect(flowView({ ...result, anchors: [4] }, null).converted).toBeNull();
  });

  it('names the number of a bar as lists do, and finds the bar again', () => {
    const view = flowView(result, 'string:pro');
    const [node] = view.layout.nodes;
    if (node === undefined) throw new Error('there is no bar');
    const point = pointOf(node, view.segment);
    expect(point).toEqual({
      type: 'flow',
      anchor: 0,
      step: 0,
      node: 'A',
      link: null,
      segment: { type: 'string', text: 'pro' },
    });
    expect(nodeOf(view, point)).toBe(node);
  });

  it('gives every path to the CSV, a column a step', () => {
    expect(pathsCsv(flowView(result, null))).toEqual([
      ['Count', 'Share', 'Reached the last anchor', 'Step 1', 'Step 2', 'Step 3'],
      [1, 0.25, 1, 'A', 'Other events', 'B'],
      [3, 0.75, 0, 'A', droppedName, null],
    ]);
  });
});

describe('columnTitle', () => {
  it('counts from the anchor', () => {
    expect([columnTitle(-1, 'A'), columnTitle(0, 'A'), columnTitle(2, 'A')]).toEqual([
      '1 step before',
      'A',
      '2 steps after',
    ]);
  });
});

describe('state', () => {
  const state: FlowState = {
    ...initialState,
    anchors: [
      { event: 'A', filters: [], before: 1, after: 2 },
      { filters: [], before: 0, after: 0 },
    ],
    hidden: ['H'],
    expanded: [{ event: 'X', property: { scope: 'event', name: 'page' } }],
  };

  it('survives the URL', () => {
    const opened = {
      type: 'flow',
      anchor: 0,
      step: 1,
      node: 'k',
      link: null,
      segment: null,
    } as const;
    const whole = { ...state, opened };
    expect(decodeState(flowStateSchema, encodeState(whole))).toEqual(whole);
    const events = ['A', null];
    const path = { type: 'flow_path', events, outcome: 'whole', segment: null } as const;
    const ofPath = { ...state, opened: path };
    expect(decodeState(flowStateSchema, encodeState(ofPath))).toEqual(ofPath);
  });

  it('asks for the anchors that were chosen, in words the server accepts', () => {
    const query = flowQuery(state, 'UTC', Date.UTC(2026, 0, 31));
    expect(query?.anchors).toHaveLength(1);
    expect(querySchema.safeParse(query).success).toBe(true);
    expect(flowQuery(initialState, 'UTC', 0)).toBeNull();
    expect(leftOut(state)).toEqual({ filters: 0, anchors: 1 });
    expect(chosenAnchors(state)).toHaveLength(1);
  });

  it('hides an event once, which then is not expanded any more', () => {
    expect(withHidden(state, 'X')).toMatchObject({ hidden: ['H', 'X'], expanded: [] });
    expect(withHidden(state, 'H')).toEqual({});
  });

  it('expands an event by one property', () => {
    const property = { scope: 'event', name: 'title' } as const;
    expect(withExpanded(state, 'X', property).expanded).toEqual([{ event: 'X', property }]);
    expect(withExpanded(state, 'X', null).expanded).toEqual([]);
  });

  it('is named by what it goes through', () => {
    expect(reportTitle(state)).toBe('Flow of A');
    expect(reportTitle(initialState)).toBe('New flow');
  });
});
