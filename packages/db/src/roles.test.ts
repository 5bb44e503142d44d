import { expect, test } from 'vitest';
import { roleAllows } from './roles.ts';

test('a role allows what it and every lesser role may do', () => {
  expect(roleAllows('owner', 'admin')).toBe(true);
  expect(roleAllows('admin', 'admin')).toBe(true);
  expect(roleAllows('analyst', 'admin')).toBe(false);
  expect(roleAllows('consumer', 'consumer')).toBe(true);
});
