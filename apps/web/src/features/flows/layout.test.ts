import { describe, expect, it } from 'vitest';
import type { FlowGraph } from '@arbor/schema/result';
import { droppedKey, flowLayout, pathThrough } from './layout.ts';

/** `reports.md` 8.2: u1 A X B, u2 A X Y, u3 A Y, u4 A. */
const example: FlowGraph = {
  entries: 4,
  anchors: [4],
  steps: [
    {
      anchor: 0,
      step: 0,
      nodes: [{ key: 'A0', event: 'A', count: 4 }],
      dropOff: 0,
      links: [],
    },
    {
      anchor: 0,
      step: 1,
      nodes: [
        { key: 'X1', event: 'X', count: 2 },
        { key: 'Y1', event: 'Y', count: 1 },
      ],
      dropOff: 1,
      links: [
        { from: 'A0', to: 'Y1', count: 1 },
        { from: 'A0', to: null, count: 1 },
        { from: 'A0', to: 'X1', count: 2 },
      ],
    },
    {
      anchor: 0,
      step: 2,
      nodes: [
        { key: 'B2', event: 'B', count: 1 },
        { key: 'Y2', event: 'Y', count: 1 },
      ],
      dropOff: 1,
      links: [
        { from: 'X1', to: 'B2', count: 1 },
        { from: 'X1', to: 'Y2', count: 1 },
        { from: 'Y1', to: null, count: 1 },
      ],
    },
  ],
  paths: [
    { events: ['A', 'X', 'B'], count: 1, converted: 1, prefixCounts: [4, 2, 1] },
    { events: ['A', null], count: 1, converted: 1, prefixCounts: [4, 1] },
  ],
  pathCount: 4,
};

describe('flowLayout', () => {
  const layout = flowLayout(example);
  const node = (key: string) => layout.nodes.find((each) => each.key === key);

  it('gives bars heights in proportion to their counts', () => {
    expect(node('A0')?.height).toBe(4 * (node('Y1')?.height ?? 0));
    expect(node('X1')?.height).toBe(2 * (node('Y1')?.height ?? 0));
    expect(node('X1')?.share).toBe(0.5);
  });

  it('gives those who drop off a bar of their own, last in its column', () => {
    const dropped = node(droppedKey({ anchor: 0, step: 1 }));
    expect(dropped).toMatchObject({ kind: 'dropped', count: 1, name: 'Dropped off' });
    expect(dropped?.y).toBeGreaterThan(node('Y1')?.y ?? Infinity);
    expect(node(droppedKey({ anchor: 0, step: 0 }))).toBeUndefined();
  });

  it('keeps bars of a column apart, also thin ones', () => {
    const thin = flowLayout({
      ...example,
      steps: example.steps.map((step, index) =>
        index === 1
          ? {
              ...step,
              nodes: [
                { key: 'X1', event: 'X', count: 3000 },
                { key: 'Y1', event: 'Y', count: 1 },
                { key: 'Z1', event: 'Z', count: 1 },
              ],
            }
          : step,
      ),
    });
    const ys = thin.nodes.filter(({ step }) => step === 1).map(({ y }) => y);
    for (const [index, y] of ys.slice(1).entries()) {
      expect(y - (ys[index] ?? 0)).toBeGreaterThanOrEqual(44);
    }
    expect(thin.height).toBeGreaterThan(ys.at(-1) ?? Infinity);
  });

  it('lets links leave a bar one below the other and fill it', () => {
    const leaving = layout.links.filter(({ from }) => from === 'A0');
    expect(leaving.map(({ to }) => to)).toEqual(['X1', 'Y1', droppedKey({ anchor: 0, step: 1 })]);
    const thick = leaving.reduce((sum, link) => sum + link.thickness, 0);
    expect(thick).toBeCloseTo(node('A0')?.height ?? 0);
    const [first, second] = leaving;
    expect((second?.y1 ?? 0) - (first?.y1 ?? 0)).toBeCloseTo(
      ((first?.thickness ?? 0) + (second?.thickness ?? 0)) / 2,
    );
  });

  it('ends the way of those who dropped off once, also where a later anchor counts them again', () => {
    const late = flowLayout({
      ...example,
      anchors: [4, 0],
      steps: [
        ...example.steps.slice(0, 2),
        {
          anchor: 1,
          step: 0,
          nodes: [],
          dropOff: 4,
          links: [
            { from: 'A0', to: null, count: 1 },
            { from: 'X1', to: null, count: 2 },
          ],
        },
      ],
    });
    const ends = late.links.filter(({ dropped }) => dropped);
    expect(ends.map(({ from, to }) => [from, to])).toEqual([
      ['A0', droppedKey({ anchor: 0, step: 1 })],
      ['X1', droppedKey({ anchor: 1, step: 0 })],
    ]);
    expect(late.nodes.at(-1)).toMatchObject({ name: 'Did not get here', count: 4 });
  });

  it('keeps the colour of an event from step to step', () => {
    expect(node('Y1')?.colour).toBe(node('Y2')?.colour);
  });
});

describe('pathThrough', () => {
  it('goes back and on from a bar, not round about', () => {
    const { links } = flowLayout(example);
    expect([...pathThrough(links, 'X1')].toSorted()).toEqual(['A0', 'B2', 'X1', 'Y2']);
    expect(pathThrough(links, 'B2').has('Y1')).toBe(false);
  });
});
