import { noProject } from '@arbor/schema/cluster';
import { expect, test } from 'vitest';
import type { AuthorizedProject } from '../auth/authorize.ts';
import { refusedInputSchema, refusedOf } from './health-input.ts';

const as = (role: AuthorizedProject['role']) =>
  ({ id: 7, organizationId: 70, role }) as AuthorizedProject;
const alone = { hasOthers: () => Promise.resolve(false) };

test('what was sent with unknown tokens is told to admins alone', async () => {
  for (const role of ['owner', 'admin'] as const) {
    expect(await refusedOf(as(role), true, alone)).toBe(noProject);
  }
  for (const role of ['analyst', 'consumer'] as const) {
    await expect(refusedOf(as(role), true, alone)).rejects.toThrow(
      `unknown tokens are shown to the role "admin" in project 7; yours is "${role}"`,
    );
    expect(await refusedOf(as(role), false, alone)).toBe(7);
  }
});

test('and to nobody where another organisation may have sent it', async () => {
  const shared = { hasOthers: (organization: number) => Promise.resolve(organization === 70) };
  await expect(refusedOf(as('owner'), true, shared)).rejects.toThrow(
    'unknown tokens are not shown where several organizations share the server',
  );
  expect(await refusedOf(as('owner'), false, shared)).toBe(7);
});

test('is asked for by a word in an address, and not unless it is', () => {
  expect(refusedInputSchema.parse({ unknownTokens: 'true' }).unknownTokens).toBe(true);
  expect(refusedInputSchema.parse({ unknownTokens: 'false' }).unknownTokens).toBe(false);
  expect(refusedInputSchema.parse({}).unknownTokens).toBe(false);
});
