import { describe, expect, it } from 'vitest';
import { FunnelPaths, addPaths, topOrders } from './funnel-paths.ts';

const plan = { steps: [[], [], []] };

describe('topOrders', () => {
  it('adds up shards, ranks by count and then by steps, and says how many there are', () => {
    const lists = [
      [
        { steps: [0, 1], count: 2 },
        { steps: [1], count: 1 },
      ],
      [
        { steps: [1, 0, 2], count: 3 },
        { steps: [0], count: 1 },
        { steps: [0, 1], count: 1 },
      ],
    ];
    expect(topOrders(plan, 3, lists)).toEqual({
      paths: [
        { steps: [0, 1], count: 3, converted: 0, prefixCounts: [4, 3] },
        { steps: [1, 0, 2], count: 3, converted: 3, prefixCounts: [4, 3, 3] },
        { steps: [0], count: 1, converted: 0, prefixCounts: [4] },
      ],
      pathCount: 4,
    });
  });

  it('orders by the numbers of steps, not by their digits', () => {
    const lists = [
      [
        { steps: [10], count: 1 },
        { steps: [9], count: 1 },
        { steps: [9, 1], count: 1 },
      ],
    ];
    const { paths = [] } = topOrders(plan, 10, lists);
    expect(paths.map(({ steps }) => steps)).toEqual([[9], [9, 1], [10]]);
  });
});

describe('addPaths', () => {
  it('has each order once, of any number of lists', () => {
    expect(addPaths([[{ steps: [0], count: 1 }], [], [{ steps: [0], count: 4 }]])).toEqual([
      { steps: [0], count: 5 },
    ]);
    expect(addPaths([])).toEqual([]);
  });
});

describe('FunnelPaths', () => {
  it('refuses more orders than it has room for', () => {
    const paths = new FunnelPaths();
    for (let order = 0; order < 2 ** 17; order++) paths.add([order], 1);
    paths.add([0], 1);
    expect(() => paths.add([-1], 1)).toThrow(
      expect.objectContaining({
        code: 'INVALID_QUERY',
        message:
          'steps were done in more than 131072 different orders: filter them, or ask about fewer steps',
      }),
    );
  });
});
