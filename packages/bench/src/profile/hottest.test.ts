import { expect, it } from 'vitest';
import { hottest } from './hottest.ts';

const node = (id: number, functionName: string, url = '', lineNumber = -1) => ({
  id,
  callFrame: { functionName, url, lineNumber },
});

it('adds up the own time of functions and leaves waiting out', () => {
  const profile = {
    nodes: [
      node(1, '(idle)'),
      node(2, 'scan', 'file:///somewhere/packages/engine/src/scan.ts', 9),
      node(3, '(garbage collector)'),
      node(4, 'scan', 'file:///somewhere/packages/engine/src/scan.ts', 9),
    ],
    samples: [1, 2, 4, 3, 1],
    timeDeltas: [50_000, 2000, 1000, 1000, 9000],
  };
  expect(hottest(profile, 5)).toEqual([
    { place: 'scan packages/engine/src/scan.ts:10', ms: 3, share: 0.75 },
    { place: '(garbage collector)', ms: 1, share: 0.25 },
  ]);
  expect(hottest(profile, 1)).toHaveLength(1);
});
