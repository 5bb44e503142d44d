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
  // Without a bound it would be 12 to the third objects, and lists of them.
  expect(JSON.stringify(copied).split('{').length).toBeLessThan(1001);
});

test('copies ordinary lists whole', () => {
  const items = Array.from({ length: 255 }, (_, n) => ({ n }));
  let cuts = 0;
  expect(copy({ items }, () => cuts++)).toEqual({ items });
  expect(cuts).toBe(0);
});

/** How many objects lie in each other, and how many lists. */
function depthOf(value: unknown): { objects: number; lists: number } {
  const inner = Object.values(Object(value) as object).map(depthOf);
  const most = (of: (one: { objects: number; lists: number }) => number): number =>
    Math.max(0, ...inner.map(of));
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  return {
    objects: most(({ objects }) => objects) + Number(isObject),
    lists: most(({ lists }) => lists) + Number(Array.isArray(value)),
  };
}

// The server refuses the whole record for one property that is deeper or longer (`ingestion-api.md` 9.5).
test('cuts a cycle, and what is deep, to what the server takes of a property', () => {
  const cyclic: Record<string, unknown> = { n: 1 };
  cyclic['self'] = cyclic;
  let cuts = 0;
  const onCut = (): void => void cuts++;
  expect(copy({ cyclic }, onCut)).toEqual({
    cyclic: { n: 1, self: { n: 1, self: { n: 1, self: undefined } } },
  });
  expect(cuts).toBe(1);
  const ring: unknown[] = [{ n: 1 }];
  ring.push(ring);
  expect(depthOf(copy({ ring }, onCut))).toEqual({ objects: 2, lists: 3 });
  const both: Record<string, unknown> = {};
  both['list'] = [[both]];
  const { both: kept } = copy({ both }, onCut) as { both: unknown };
  expect(depthOf(kept)).toEqual({ objects: 2, lists: 3 });
});

test('keeps three objects and three lists in each other', () => {
  const cart = { lines: [{ options: [{ sizes: [1, 2] }] }] };
  let cuts = 0;
  expect(copy({ cart }, () => cuts++)).toEqual({ cart });
  expect(cuts).toBe(0);
});

test('cuts what has more members than the server takes, but not the properties themselves', () => {
  const ids = Array.from({ length: 300 }, (_, n) => n);
  const named = Object.fromEntries(ids.map((n) => [`p${n}`, n]));
  let cuts = 0;
  const onCut = (): void => void cuts++;
  expect(Object.keys(copy(named, onCut) as object)).toHaveLength(300);
  expect(copy(ids, onCut)).toHaveLength(300);
  expect(cuts).toBe(0);
  const { list, map } = copy({ list: ids, map: named }, onCut) as { list: []; map: object };
  expect(list).toEqual(ids.slice(0, 255));
  expect(Object.keys(map)).toHaveLength(255);
  expect(cuts).toBeGreaterThan(0);
});

test('keeps lists lists where an old library gives them a method for JSON', () => {
  Object.assign(Array.prototype, { toJSON: () => 'a text' });
  try {
    expect(JSON.stringify(copy({ items: ['a', ['b']] }, () => {}))).toBe('{"items":["a",["b"]]}');
  } finally {
    Reflect.deleteProperty(Array.prototype, 'toJSON');
  }
});
