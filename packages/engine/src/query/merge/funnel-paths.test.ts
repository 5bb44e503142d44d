import { describe, expect, it } from 'vitest';
import type { FunnelPath } from './partial.ts';
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

describe('topOrders of many', () => {
  /** A hundred steps, of which the first ones stand in the order that the number says. */
  const ofMany = (n: number): FunnelPath => ({
    steps: [n % 50, 50 + (Math.floor(n / 50) % 50), 100 + Math.floor(n / 2500)],
    count: 1 + (n % 7),
  });

  it('counts who begins as the best do among a hundred thousand orders', () => {
    const list = Array.from({ length: 100_000 }, (_, n) => ofMany(n));
    const long = Array.from({ length: 90 }, (_, step) => step);
    const { paths = [], pathCount } = topOrders(plan, 2, [list, [{ steps: long, count: 50 }]]);
    expect(pathCount).toBe(100_001);
    // One of fifty begins with step 0, and nobody else goes on with step 1.
    const begun = list.filter(({ steps: [first] }) => first === 0);
    const sum = begun.reduce((all, { count }) => all + count, 50);
    expect(paths[0]).toEqual({
      steps: long,
      count: 50,
      converted: 0,
      prefixCounts: [sum, ...Array.from({ length: 89 }, () => 50)],
    });
    expect(paths[1]?.count).toBe(7);
  }, 120_000);
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

  it('refuses orders that are too long together', () => {
    const paths = new FunnelPaths();
    const rest = Array.from({ length: 99 }, (_, step) => step);
    const add = (order: number): void => paths.add([order, ...rest], 1);
    const most = Math.floor(2 ** 22 / 100);
    for (let order = 0; order < most; order++) add(order);
    add(0);
    expect(() => add(-1)).toThrow(
      `steps were done in more than ${most} different orders, of 4194304 steps together: filter them, or ask about fewer steps`,
    );
  }, 120_000);
});
