import { expect, test } from 'vitest';
import { parseRecent, withRecent } from './recent-events.ts';

test('keeps the last five events, each once, the latest first', () => {
  const recent = ['A', 'B', 'C', 'D', 'E', 'F', 'B'].reduce<readonly string[]>(withRecent, []);
  expect(recent).toEqual(['B', 'F', 'E', 'D', 'C']);
  expect(parseRecent(JSON.stringify(recent))).toEqual(recent);
  expect(parseRecent('[1]')).toEqual([]);
  expect(parseRecent('{')).toEqual([]);
  expect(parseRecent(null)).toEqual([]);
});
