import { expect, test } from 'vitest';
import { Role } from './generated/enums.ts';
import { roleAllows, roles } from './roles.ts';

test('a role allows what it and every lesser role may do', () => {
  expect(roleAllows('owner', 'admin')).toBe(true);
  expect(roleAllows('admin', 'admin')).toBe(true);
  expect(roleAllows('analyst', 'admin')).toBe(false);
  expect(roleAllows('consumer', 'consumer')).toBe(true);
});

test('names the roles that the database knows', () => {
  expect([...roles]).toEqual(Object.values(Role));
});
