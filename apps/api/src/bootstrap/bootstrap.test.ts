import { expect, test } from 'vitest';
import { parseBootstrap } from './bootstrap.ts';

test('reads the form of the run contract and fills in the time zone', () => {
  expect(parseBootstrap('[{"org":"Acme","project":"Shop"}]')).toEqual([
    { org: 'Acme', project: 'Shop', timezone: 'UTC' },
  ]);
});

test('names every fault by its place and repeats no secret', () => {
  const text = JSON.stringify([
    {
      org: 'Acme',
      project: 'Shop',
      timezone: 'Mars/Olympus',
      owner: { email: 'x', password: 'abc' },
    },
    { org: '', project: 'Shop', idd: 1 },
  ]);
  let message = '';
  try {
    parseBootstrap(text);
  } catch (error) {
    message = String(error);
  }
  expect(message).toContain('[0.timezone]: must be an IANA time zone, for example Europe/Berlin');
  expect(message).toContain('[0.owner.email]: ');
  expect(message).toContain('[0.owner.password]: ');
  expect(message).toContain('[1.org]: ');
  expect(message).toContain('[1]: unrecognized key: "idd"');
  expect(message).not.toContain('abc');
});

test('says so when the variable is no json', () => {
  expect(() => parseBootstrap('{')).toThrow(
    'ARBOR_BOOTSTRAP is not JSON: give an array of projects',
  );
});

test.each([
  [{ id: 7 }, { id: 7 }, '[1.id]: is that of entry 0 too: every project has its own'],
  [{ token: 't' }, { token: 't' }, '[1.token]: is that of entry 0 too: every project has its own'],
  [{ secret: 's' }, { secret: 's' }, '[1.secret]: is that of entry 0 too'],
  [
    { serviceAccount: { username: 'robot', secret: 'one' } },
    { serviceAccount: { username: 'robot', secret: 'two' } },
    '[1.serviceAccount.username]: is that of entry 0 too, with another organization or secret',
  ],
  [
    {},
    { serviceAccount: { username: 'ro\0bot', secret: 's' } },
    '[1.serviceAccount.username]: must not contain control characters',
  ],
  [{}, { id: 0x7fff_ffff }, '[1.id]: too big'],
])('refuses entries that cannot be applied together: %j and %j', (first, second, message) => {
  const entries = [
    { org: 'Acme', project: 'Shop', ...first },
    { org: 'Acme', project: 'Blog', ...second },
  ];
  expect(() => parseBootstrap(JSON.stringify(entries))).toThrow(message);
});

test('lets projects of one organisation share a service account', () => {
  const serviceAccount = { username: 'robot', secret: 'robot-secret' };
  const entries = ['Shop', 'Blog'].map((project) => ({ org: 'Acme', project, serviceAccount }));
  expect(parseBootstrap(JSON.stringify(entries))).toHaveLength(2);
});
