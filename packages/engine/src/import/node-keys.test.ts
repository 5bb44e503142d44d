import { expect, it } from 'vitest';
import { scanSource } from './json-scan.ts';
import { NodeKeys } from './node-keys.ts';

function learned(...names: string[]): NodeKeys {
  const keys = new NodeKeys();
  names.forEach((name, i) => {
    const key = Buffer.from(JSON.stringify(name));
    keys.learn(i + 1, key, 0, key.length);
  });
  return keys;
}

/** Place of the value in `"", text`, counted from the begin of the text. */
function endOfKey(keys: NodeKeys, node: number, text: string): number {
  const source = scanSource(Buffer.from(`"",${text}`));
  const end = keys.endOfKey(node, source, 3, source.bytes.length);
  return end < 0 ? -1 : end - 3;
}

it('finds the value behind the key that was met at a node, and behind no other', () => {
  const keys = learned('a', 'price', 'größe', 'say "hi"');
  expect(endOfKey(keys, 1, '"a":1}')).toBe(4);
  expect(endOfKey(keys, 2, '"price":"x"}')).toBe(8);
  expect(endOfKey(keys, 2, '"prize":1}')).toBe(-1);
  expect(endOfKey(keys, 2, '"price2":1}')).toBe(-1);
  expect(endOfKey(keys, 1, '"price":1}')).toBe(-1);
  expect(endOfKey(keys, 3, '"größe":1}')).toBe(Buffer.byteLength('"größe":'));
  expect(endOfKey(keys, 4, '"say \\"hi\\"":1}')).toBe(13);
});

it('knows nothing where white space follows, a key is cut off, or a node is new', () => {
  const keys = learned('a');
  expect(endOfKey(keys, 1, '"a": 1}')).toBe(-1);
  expect(endOfKey(keys, 1, '"a" :1}')).toBe(-1);
  expect(endOfKey(keys, 1, '"a":')).toBe(-1);
  expect(endOfKey(keys, 1, '"a"')).toBe(-1);
  expect(endOfKey(keys, 0, '"a":1}')).toBe(-1);
  expect(endOfKey(keys, 2, '"a":1}')).toBe(-1);
});

it('keeps to the first spelling of a node', () => {
  const keys = learned('a');
  const other = Buffer.from('"\\u0061"');
  keys.learn(1, other, 0, other.length);
  expect(endOfKey(keys, 1, '"a":1}')).toBe(4);
  expect(endOfKey(keys, 1, '"\\u0061":1}')).toBe(-1);
});
