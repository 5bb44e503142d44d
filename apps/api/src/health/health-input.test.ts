import { noProject } from '@arbor/schema/cluster';
import { expect, test } from 'vitest';
import type { AuthorizedProject } from '../auth/authorize.ts';
import { refusedInputSchema, refusedOf } from './health-input.ts';

const as = (role: AuthorizedProject['role']) => ({ id: 7, role }) as AuthorizedProject;

test('what was sent with unknown tokens is told to admins alone', () => {
  for (const role of ['owner', 'admin'] as const) expect(refusedOf(as(role), true)).toBe(noProject);
  for (const role of ['analyst', 'consumer'] as const) {
    expect(() => refusedOf(as(role), true)).toThrow(
      `unknown tokens are shown to the role "admin" in project 7; yours is "${role}"`,
    );
    expect(refusedOf(as(role), false)).toBe(7);
  }
});

test('is asked for by a word in an address, and not unless it is', () => {
  expect(refusedInputSchema.parse({ unknownTokens: 'true' }).unknownTokens).toBe(true);
  expect(refusedInputSchema.parse({ unknownTokens: 'false' }).unknownTokens).toBe(false);
  expect(refusedInputSchema.parse({}).unknownTokens).toBe(false);
});
