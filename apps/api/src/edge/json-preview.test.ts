import fc from 'fast-check';
import { expect, test } from 'vitest';
import { previewJson } from './json-preview.ts';

test('what fits is the JSON text itself', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 5 }), (raw) => {
      const value: unknown = JSON.parse(JSON.stringify(raw));
      expect(previewJson(value, 1_000_000)).toBe(JSON.stringify(value));
    }),
  );
});

test('what does not fit is cut, and is not even looked at', () => {
  let looks = 0;
  const item = (): object => ({
    get shown() {
      looks++;
      return 'x'.repeat(10);
    },
  });
  const huge = Array.from({ length: 100_000 }, item);
  const text = previewJson({ huge, text: 'y'.repeat(1_000_000) }, 4096);
  expect(text.length).toBeLessThanOrEqual(4096);
  expect(text.startsWith('{"huge":[{"shown":"xxxxxxxxxx"},{"')).toBe(true);
  expect(looks).toBeLessThan(4096);
});

test('a million levels are not walked', () => {
  const deep: unknown = JSON.parse('['.repeat(1_000_000) + ']'.repeat(1_000_000));
  expect(previewJson(deep, 4096)).toBe('[[[[[[[[…]]]]]]]]');
});
