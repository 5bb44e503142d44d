import { expect, test } from 'vitest';
import { cellCount } from './memory.ts';

test('refuses more cells than fit into memory, and says what helps', () => {
  expect(cellCount(2 ** 20, 64)).toBe(2 ** 26);
  expect(() => cellCount(2 ** 20, 65)).toThrow(
    expect.objectContaining({
      code: 'INVALID_QUERY',
      message:
        'the breakdown has 1048576 segments with 65 cells each, more than the 67108864 that fit ' +
        'into memory: filter it, shorten the range or use a longer unit',
    }),
  );
});
