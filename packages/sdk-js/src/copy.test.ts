import { expect, test } from 'vitest';
import { copy } from './copy.ts';

interface Linked {
  all?: Linked[];
}

test('cuts what hangs together in all directions before it takes long', () => {
  const nodes = Array.from({ length: 12 }, (): Linked => ({}));
  for (const node of nodes) node.all = nodes;
  let cuts = 0;
  const copied = copy(nodes, () => cuts++) as Linked[];
  expect(copied).toHaveLength(12);
  expect(cuts).toBeGreaterThan(0);
  // Without a bound it would be 12 to the fourth objects.
  expect(JSON.stringify(copied).split('{').length).toBeLessThan(1001);
});

test('copies ordinary lists whole', () => {
  const items = Array.from({ length: 500 }, (_, n) => ({ n }));
  let cuts = 0;
  expect(copy({ items }, () => cuts++)).toEqual({ items });
  expect(cuts).toBe(0);
});
