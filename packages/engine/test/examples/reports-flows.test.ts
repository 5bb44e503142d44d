import { expect, test } from 'vitest';
import type { FlowGraph } from '@arbor/schema/result';
import { ask } from '../model/ask.ts';
import { did, only, viewsOf } from './sample-data.ts';

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
