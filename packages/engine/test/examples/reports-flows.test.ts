import { expect, test } from 'vitest';
import type { FlowGraph } from '@arbor/schema/result';
import { ask } from '../model/ask.ts';
import { did, event, only, viewsOf } from './sample-data.ts';

/** u1: A X B; u2: A X Y; u3: A Y; u4: A. */
const views = viewsOf(
  did('u1', 'A', '03-04 10:00'),
  did('u1', 'X', '03-04 11:00'),
  did('u1', 'B', '03-04 12:00'),
  did('u2', 'A', '03-04 10:00'),
  did('u2', 'X', '03-04 11:00'),
  did('u2', 'Y', '03-04 12:00'),
  did('u3', 'A', '03-04 10:00'),
  did('u3', 'Y', '03-04 11:00'),
  did('u4', 'A', '03-04 10:00'),
);
const base = { type: 'flow' as const, range: { from: '2024-03-04', to: '2024-03-05' } };
const afterA = { ...base, anchors: [{ selector: only('A'), after: 2 }] };

/** "X 2" for each node, and "drop 1". */
function nodesOf(graph: FlowGraph, anchor: number, step: number): string[] {
  const own = graph.steps.find((other) => other.anchor === anchor && other.step === step);
  if (own === undefined) return [];
  return [
    ...own.nodes.map(({ event, count }) => `${event ?? 'other'} ${count}`),
    ...(own.dropOff > 0 ? [`drop ${own.dropOff}`] : []),
  ];
}

/** "A→X 2" for each link that leads to a step. */
function linksOf(graph: FlowGraph, anchor: number, step: number): string[] {
  const names = new Map(
    graph.steps.flatMap(({ nodes }) => nodes.map(({ key, event }) => [key, event ?? 'other'])),
  );
  const own = graph.steps.find((other) => other.anchor === anchor && other.step === step);
  return (own?.links ?? []).map(
    ({ from, to, count }) => `${names.get(from)}→${to === null ? 'drop' : names.get(to)} ${count}`,
  );
}

test('8.2 example 1: what follows an event, step by step', () => {
  const flow = ask(views, afterA);
  expect(flow.entries).toBe(4);
  expect(nodesOf(flow, 0, 1)).toEqual(['X 2', 'Y 1', 'drop 1']);
  expect(nodesOf(flow, 0, 2)).toEqual(['B 1', 'Y 1', 'drop 1']);
  expect(linksOf(flow, 0, 2)).toEqual(['X→B 1', 'X→Y 1', 'Y→drop 1']);
});

test('8.2 example 2: who reaches a second anchor', () => {
  const flow = ask(views, { ...base, anchors: [{ selector: only('A') }, { selector: only('B') }] });
  expect(flow.anchors).toEqual([4, 1]);
  expect(nodesOf(flow, 1, 0)).toEqual(['B 1', 'drop 3']);
});

test('8.2 example 3: the whole paths, and what they are without a hidden event', () => {
  const paths = (flow: FlowGraph): string[] =>
    flow.paths.map(({ events, count }) => `${events.map((e) => e ?? 'drop').join('→')} ${count}`);
  const flow = ask(views, afterA);
  expect(paths(flow)).toEqual(['A→drop 1', 'A→X→B 1', 'A→X→Y 1', 'A→Y→drop 1']);
  expect(flow.pathCount).toBe(4);
  expect(flow.paths.map(({ prefixCounts }) => prefixCounts)).toEqual([
    [4, 1],
    [4, 2, 1],
    [4, 2, 1],
    [4, 1, 1],
  ]);
  const hidden = ask(views, { ...afterA, hidden: ['X'] });
  expect(nodesOf(hidden, 0, 1)).toEqual(['Y 2', 'B 1', 'drop 1']);
});

test('8.1: the first occurrence of an anchor counts a user once, in totals each that begins a path', () => {
  const own = viewsOf(
    did('u', 'A', '03-04 10:00'),
    did('u', 'X', '03-04 10:01'),
    did('u', 'A', '03-04 10:02'),
    did('u', 'Y', '03-04 10:03'),
  );
  const query = { ...base, anchors: [{ selector: only('A'), after: 1 }] };
  expect(nodesOf(ask(own, query), 0, 1)).toEqual(['X 1']);
  expect(nodesOf(ask(own, { ...query, counting: 'totals' }), 0, 1)).toEqual(['X 1', 'Y 1']);
});

test('8.1: what comes before an anchor, and who did not reach the next one in the window', () => {
  const own = viewsOf(
    did('u1', 'X', '03-04 09:00'),
    did('u1', 'A', '03-04 10:00'),
    did('u1', 'Y', '03-04 10:30'),
    did('u1', 'B', '03-04 11:00'),
    did('u2', 'A', '03-04 10:00'),
    did('u2', 'B', '03-04 11:01'),
  );
  const flow = ask(own, {
    ...base,
    window: { value: 1, unit: 'hour' },
    anchors: [
      { selector: only('A'), before: 1, after: 0 },
      { selector: only('B'), before: 1, after: 0 },
    ],
  });
  expect(nodesOf(flow, 0, -1)).toEqual(['X 1']);
  expect(nodesOf(flow, 1, -1)).toEqual(['Y 1']);
  expect(nodesOf(flow, 1, 0)).toEqual(['B 1', 'drop 1']);
  expect(linksOf(flow, 1, 0)).toEqual(['A→drop 1', 'Y→B 1']);
  expect(flow.paths.map(({ events, converted }) => [events, converted])).toEqual([
    [['A', null], 0],
    [['A', 'Y', 'B'], 1],
  ]);
});

test('8.1: an exclusion removes the paths that have the event between two anchors', () => {
  const flow = ask(views, {
    ...base,
    anchors: [{ selector: only('A') }, { selector: only('B') }],
    exclusions: [only('X')],
  });
  expect(flow.anchors).toEqual([2, 0]);
});

test('8.1: of every step the most common events are shown, the rest is other events', () => {
  const own = viewsOf(
    ...['P', 'P', 'P', 'Q', 'Q', 'R', 'S'].flatMap((event, n) => [
      did(`u${n}`, 'A', '03-04 10:00'),
      did(`u${n}`, event, '03-04 10:01'),
    ]),
  );
  const query = { ...base, anchors: [{ selector: only('A'), after: 1 }], rows: 2 };
  const flow = ask(own, query);
  expect(nodesOf(flow, 0, 1)).toEqual(['P 3', 'Q 2', 'other 2']);
  expect(linksOf(flow, 0, 1)).toEqual(['A→P 3', 'A→Q 2', 'A→other 2']);
});

test('8.1: an expanded event splits by its value, and a breakdown makes a flow of each value', () => {
  const own = viewsOf(
    did('u1', 'A', '03-04 10:00', { plan: 'pro' }),
    did('u1', 'X', '03-04 10:01', { page: 'home' }),
    did('u2', 'A', '03-04 10:00', { plan: 'free' }),
    did('u2', 'X', '03-04 10:01', { page: 'docs' }),
    did('u3', 'A', '03-04 10:00', { plan: 'free' }),
    did('u3', 'X', '03-04 10:01'),
  );
  const flow = ask(own, {
    ...base,
    anchors: [{ selector: only('A'), after: 1 }],
    expand: [{ event: 'X', property: event('page') }],
    breakdowns: [{ property: event('plan') }],
  });
  expect(flow.steps[1].nodes.map(({ value, count }) => [value?.text, count])).toEqual([
    ['(not set)', 1],
    ['docs', 1],
    ['home', 1],
  ]);
  expect(flow.segments.map(({ segment, entries }) => [segment.text, entries])).toEqual([
    ['free', 2],
    ['pro', 1],
  ]);
});

test('8.1: repeats are steps of their own, or a run is one step', () => {
  const own = viewsOf(
    ...['A', 'A', 'X', 'X', 'Y'].map((name, n) => did('u', name, `03-04 10:0${n}`)),
  );
  const path = (collapseRepeated: boolean) =>
    ask(own, { ...afterA, collapseRepeated }).paths[0].events.join(' ');
  expect(path(false)).toBe('A A X');
  expect(path(true)).toBe('A X Y');
});

test('8.1: custom events replace their events in the steps, on overlap the first of them', () => {
  const flow = ask(views, {
    ...afterA,
    customEvents: [
      { name: 'Either', selector: { anyOf: [{ event: 'X' }, { event: 'Y' }] } },
      { name: 'Never', selector: only('X') },
    ],
  });
  expect(nodesOf(flow, 0, 1)).toEqual(['Either 3', 'drop 1']);
});

test('8.1: counted by sessions, all of a path lies inside one', () => {
  const own = viewsOf(
    did('u', 'A', '03-04 10:00'),
    did('u', 'X', '03-04 10:10'),
    did('u', 'Y', '03-04 12:00'),
    did('u', 'A', '03-04 12:10'),
  );
  const query = { ...base, anchors: [{ selector: only('A'), after: 2, before: 2 }] };
  const flow = ask(own, { ...query, counting: 'sessions' });
  expect(flow.entries).toBe(2);
  expect(nodesOf(flow, 0, -2)).toEqual([]);
  expect(nodesOf(flow, 0, -1)).toEqual(['Y 1']);
  expect(nodesOf(flow, 0, 1)).toEqual(['X 1', 'drop 1']);
  expect(nodesOf(flow, 0, 2)).toEqual(['drop 1']);
});

test('8.1: the last step a user has is where he drops off, and what comes after the range is none', () => {
  const own = viewsOf(did('u', 'A', '03-04 10:00'), did('u', 'X', '03-06 00:00'));
  expect(nodesOf(ask(own, afterA), 0, 1)).toEqual(['drop 1']);
});

test('8.1: a global filter leaves events out, of anchors and of steps', () => {
  const own = viewsOf(
    did('u', 'A', '03-04 10:00', { site: 'a' }),
    did('u', 'X', '03-04 10:01', { site: 'b' }),
    did('u', 'Y', '03-04 10:02', { site: 'a' }),
    did('v', 'A', '03-04 10:00', { site: 'b' }),
  );
  const flow = ask(own, {
    ...afterA,
    filters: [{ type: 'property', property: event('site'), operator: 'equals', values: ['a'] }],
  });
  expect(flow.paths.map(({ events }) => events)).toEqual([['A', 'Y', null]]);
});

test('8.1: a breakdown by a cohort makes a flow of who is in and of who is not', () => {
  const cohort = { type: 'users' as const, name: 'early', ids: ['u1', 'u2'] };
  const flow = ask(views, { ...afterA, breakdowns: [{ type: 'cohort', cohorts: [cohort] }] });
  const paths = flow.segments.map(({ segment, entries, steps }) => [
    segment.type,
    entries,
    steps[1].nodes.map(({ event, count }) => `${event} ${count}`),
  ]);
  expect(paths).toEqual([
    ['in', 2, ['X 2']],
    ['not_in', 2, ['Y 1']],
  ]);
});
