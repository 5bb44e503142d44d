import { expect, test } from 'vitest';
import { droppedOff } from './flow-partial.ts';
import { FlowSum, flowRoom } from './flow-sum.ts';

test('adds cells that name the same events by other numbers', () => {
  const room = flowRoom();
  const count = (labels: readonly number[]) => {
    const sum = new FlowSum(1, room);
    sum.entries = 1;
    sum.anchors[0] = 1;
    const nodes = labels.map((label, column) => sum.addNode(column, label, 1));
    sum.addLink(nodes[0], nodes[1], 1);
    let path = -1;
    for (const label of labels) path = sum.followPath(path, label);
    sum.endPath(path, 1, 1);
    return sum.toCells([{ event: 'A' }, { event: 'unused' }, { event: 'X' }]);
  };
  const all = new FlowSum(1, room);
  // In the first cells X is label 1, A label 0; in the second there is no X.
  all.addCells(count([0, 2]), [7, 8]);
  all.addCells(count([0, droppedOff]), [7]);
  const labels = Array.from({ length: 9 }, (_, label) => ({ event: `${label}` }));
  expect(all.toCells(labels)).toEqual({
    entries: 2,
    anchors: [2],
    labels: [{ event: '7' }, { event: '8' }],
    nodes: { columns: [0, 1, 1], labels: [0, 1, -1], counts: [2, 1, 1] },
    links: { from: [0, 0], to: [1, 2], counts: [1, 1] },
    paths: { parents: [-1, 0, 0], labels: [0, 1, -1], ends: [0, 1, 1], converted: [0, 1, 1] },
  });
});

test('refuses more parts of paths than fit, for all segments together', () => {
  // A sum takes the room of 16 parts itself.
  const room = { left: 34 };
  const one = new FlowSum(1, room);
  one.followPath(-1, 0);
  one.followPath(-1, 0);
  const other = new FlowSum(1, room);
  other.followPath(-1, 0);
  expect(() => other.followPath(-1, 1)).toThrow(
    'the flow has more than 1048576 different links and parts of paths in all its segments: show fewer ' +
      'steps, hide events, expand fewer of them, filter it, or ask for no paths ("pathsMax": 0)',
  );
});
