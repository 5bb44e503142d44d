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
