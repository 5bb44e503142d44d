import { expect, it } from 'vitest';
import { nameOfUser, profileText } from './listed-user.ts';

it('calls users by the first of name, first and last name, e-mail and identifier that they have', () => {
  expect(nameOfUser('u1', { $name: 'Ada', $email: 'ada@example.com' })).toBe('Ada');
  expect(nameOfUser('u1', { $name: ' ', $last_name: 'Lovelace' })).toBe('Lovelace');
  expect(nameOfUser('u1', { $email: 'ada@example.com' })).toBe('ada@example.com');
  expect(nameOfUser('u1', { $name: 7 })).toBe('u1');
});

it('shows a value of a profile, and a dash where there is none', () => {
  expect(profileText({ $city: 'Berlin' }, '$city')).toBe('Berlin');
  expect(profileText({ $city: null }, '$city')).toBe('–');
  expect(profileText({}, '$city')).toBe('–');
});
