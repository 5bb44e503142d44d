import type { Db } from '@arbor/db';
import type { Role } from '@arbor/db/roles';
import { afterEach, beforeEach, expect, inject, test } from 'vitest';
import { freshDatabase } from '../../test/support/fresh-database.ts';
import type { AuthorizedOrganization } from '../auth/authorize-organization.ts';
import type { Principal } from '../auth/principal.ts';
import { createMembers } from './member-store.ts';
import type { Members } from './ports.ts';

const dayMs = 86_400_000;
const guest: Principal = { type: 'guest' };

let db: Db;
let drop: () => Promise<void>;
let now: number;
let members: Members;
let organizationId: number;

beforeEach(async () => {
  ({ db, drop } = await freshDatabase(inject('databaseUrl')));
  now = Date.now();
  members = createMembers(db, () => now);
  const organization = await db.organization.create({ data: { name: 'Acme' } });
  organizationId = organization.id;
  await memberOf('anna', 'owner');
});
afterEach(() => drop());

async function memberOf(id: string, role: Role): Promise<void> {
  await db.user.create({ data: { id, name: id, email: `${id}@example.com` } });
  await db.membership.create({ data: { organizationId, userId: id, role } });
}

const as = (role: Role): AuthorizedOrganization => ({ id: organizationId, role });
const anna: Principal = {
  type: 'user',
  user: { id: 'anna', name: 'anna', email: 'anna@example.com' },
  memberships: [],
};
const person = { name: 'Ben', email: 'Ben@example.com', password: 'a-long-password' };

async function tokenFor(email: string | null = null, role: Role = 'analyst'): Promise<string> {
  return (await members.invite(as('owner'), { role, email, days: 7 }, anna)).token;
}

test('a link makes a member once, with the role that it says', async () => {
  const token = await tokenFor();
  expect(await members.offered(token)).toEqual({
    organization: 'Acme',
    role: 'analyst',
    email: null,
  });
  expect(await members.join({ token, person }, guest)).toEqual({ email: 'ben@example.com' });
  const listed = await members.list(as('owner'));
  expect(listed.members.map(({ email, role }) => [email, role])).toEqual([
    ['ben@example.com', 'analyst'],
    ['anna@example.com', 'owner'],
  ]);
  expect(listed.invitations).toEqual([]);
  const again = { token, person: { ...person, email: 'eve@example.com' } };
  await expect(members.join(again, guest)).rejects.toThrow('this link is not valid');
  const actions = await db.auditEntry.findMany({
    where: { organizationId },
    orderBy: { id: 'asc' },
  });
  expect(actions.map(({ action, actor }) => [action, actor])).toEqual([
    ['invitation.create', 'anna@example.com'],
    ['member.join', 'ben@example.com'],
  ]);
});

test('of two uses of a link at once one wins', async () => {
  const token = await tokenFor();
  const uses = ['ben@example.com', 'eve@example.com'].map((email) =>
    members.join({ token, person: { ...person, email } }, guest),
  );
  const outcomes = await Promise.allSettled(uses);
  expect(outcomes.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
  expect((await members.list(as('owner'))).members).toHaveLength(2);
});

test('a link for one address is not for another, and is still there for the right one', async () => {
  const token = await tokenFor('BEN@example.com');
  const other = { ...person, email: 'eve@example.com' };
  await expect(members.join({ token, person: other }, guest)).rejects.toThrow(
    'this link is for ben@example.com, not for eve@example.com',
  );
  expect(await db.user.count({ where: { email: 'eve@example.com' } })).toBe(0);
  await members.join({ token, person }, guest);
});

test('who has an account joins signed in, and not twice', async () => {
  await db.user.create({ data: { id: 'cara', name: 'Cara', email: 'cara@example.com' } });
  const cara: Principal = {
    type: 'user',
    user: { id: 'cara', name: 'Cara', email: 'cara@example.com' },
    memberships: [],
  };
  const taken = { ...person, email: 'cara@example.com' };
  await expect(members.join({ token: await tokenFor(), person: taken }, guest)).rejects.toThrow(
    'there is an account for cara@example.com already: sign in',
  );
  await members.join({ token: await tokenFor() }, cara);
  await expect(members.join({ token: await tokenFor() }, cara)).rejects.toThrow(
    'you belong to it already, with the role "analyst"',
  );
  await expect(members.join({ token: await tokenFor() }, guest)).rejects.toThrow(
    'name yourself, or sign in first',
  );
});

test('a link that was withdrawn or is over is good for nobody', async () => {
  const withdrawn = await tokenFor();
  const { invitations } = await members.list(as('owner'));
  await members.withdraw(as('owner'), invitations[0]?.id ?? 0, anna);
  await expect(members.offered(withdrawn)).rejects.toThrow('this link is not valid');
  const late = await tokenFor();
  now += 8 * dayMs;
  await expect(members.offered(late)).rejects.toThrow('this link is not valid');
  await expect(members.join({ token: late, person }, guest)).rejects.toThrow('is not valid');
  expect((await members.list(as('owner'))).invitations).toEqual([]);
});

test('nobody gives or takes a role that he does not have', async () => {
  await memberOf('adam', 'admin');
  const refused = 'the role "owner" is given and taken by those who have it; yours is "admin"';
  const invitation = { role: 'owner', email: null, days: 7 } as const;
  await expect(members.invite(as('admin'), invitation, anna)).rejects.toThrow(refused);
  const change = (id: string, role: Role) => members.change(as('admin'), { id, role }, anna);
  await expect(change('adam', 'owner')).rejects.toThrow(refused);
  await expect(change('anna', 'consumer')).rejects.toThrow(refused);
  await expect(members.remove(as('admin'), 'anna', anna)).rejects.toThrow(refused);
  await tokenFor(null, 'owner');
  const { invitations } = await members.list(as('admin'));
  await expect(members.withdraw(as('admin'), invitations[0]?.id ?? 0, anna)).rejects.toThrow(
    refused,
  );
});

test('who is taken out, or given less, does not come back by a link of his own', async () => {
  await memberOf('olga', 'owner');
  const olga: Principal = {
    type: 'user',
    user: { id: 'olga', name: 'olga', email: 'olga@example.com' },
    memberships: [],
  };
  const given = async (role: Role) =>
    (await members.invite(as('owner'), { role, email: null, days: 7 }, olga)).token;
  const [asOwner, asAdmin] = [await given('owner'), await given('admin')];
  const others = await tokenFor();
  await members.change(as('owner'), { id: 'olga', role: 'admin' }, anna);
  await expect(members.join({ token: asOwner, person }, guest)).rejects.toThrow('is not valid');
  expect(await members.offered(asAdmin)).toMatchObject({ role: 'admin' });
  await members.remove(as('owner'), 'olga', anna);
  await expect(members.join({ token: asAdmin }, olga)).rejects.toThrow('is not valid');
  expect(await members.offered(others)).toMatchObject({ role: 'analyst' });
  // Whoever may invite nobody any more leaves no link either.
  await memberOf('adam', 'admin');
  const adam: Principal = { ...olga, user: { ...olga.user, email: 'adam@example.com' } };
  const invitation = { role: 'consumer', email: null, days: 7 } as const;
  const { token } = await members.invite(as('admin'), invitation, adam);
  await members.change(as('owner'), { id: 'adam', role: 'analyst' }, anna);
  await expect(members.offered(token)).rejects.toThrow('is not valid');
});

test('an organisation keeps an owner, also when two go at once', async () => {
  const only = 'anna@example.com is the only owner: make somebody else an owner first';
  await expect(members.remove(as('owner'), 'anna', anna)).rejects.toThrow(only);
  const lower = { id: 'anna', role: 'admin' } as const;
  await expect(members.change(as('owner'), lower, anna)).rejects.toThrow(only);
  await memberOf('olga', 'owner');
  const both = ['anna', 'olga'].map((id) => members.remove(as('owner'), id, anna));
  const outcomes = await Promise.allSettled(both);
  expect(outcomes.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
  await expect(members.remove(as('owner'), 'nobody', anna)).rejects.toThrow(
    `there is no member "nobody" in organization ${organizationId}`,
  );
});
