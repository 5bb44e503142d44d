import { expect, test } from 'vitest';
import { projectNumbers, requireExpiry } from './service-account-create.ts';

const now = Date.UTC(2026, 0, 31, 12);

test('projects are named by their numbers, each once', () => {
  expect(projectNumbers(undefined)).toBeNull();
  expect(projectNumbers('4, 1,4')).toEqual([4, 1]);
  for (const text of ['', 'Shop', '1,', '0', '-1', '1.5']) {
    expect(() => projectNumbers(text)).toThrow(`--projects "${text}": must be numbers of projects`);
  }
});

test('an account is good until its day has ended everywhere, or up to an instant', () => {
  expect(requireExpiry(undefined, now)).toBeNull();
  expect(requireExpiry('2026-01-31', now)).toEqual(new Date('2026-02-01T11:59:59.999Z'));
  expect(requireExpiry('2026-02-01T01:00:00+02:00', now)).toEqual(new Date('2026-01-31T23:00:00Z'));
  for (const text of ['tomorrow', '2026-13-01', '2026-02-01T01:00', '30']) {
    expect(() => requireExpiry(text, now)).toThrow(`--expires "${text}": must be a day`);
  }
  expect(() => requireExpiry('2026-01-30', now)).toThrow('--expires "2026-01-30" is over already');
});
