import { expect, test } from 'vitest';
import { readAuthorization } from './authorization-header.ts';

const base64 = (text: string): string => Buffer.from(text).toString('base64');

test('reads base64 and plain text, with and without a password', () => {
  const account = { username: 'robot', password: 's:e' };
  expect(readAuthorization(`Basic ${base64('robot:s:e')}`)).toEqual(account);
  expect(readAuthorization('basic robot:s:e')).toEqual(account);
  expect(readAuthorization(`Basic ${base64('secret:')}`)).toEqual({
    username: 'secret',
    password: '',
  });
  expect(readAuthorization(`Basic ${base64('secret')}`)).toEqual({
    username: 'secret',
    password: '',
  });
});

test('a bearer token is an account with its secret, or a secret, as it is', () => {
  expect(readAuthorization('Bearer robot:s:e')).toEqual({ username: 'robot', password: 's:e' });
  expect(readAuthorization('bearer c2VjcmV0')).toEqual({ username: 'c2VjcmV0', password: '' });
});

test('sees no credentials in another scheme, in an empty one, and without a header', () => {
  expect(readAuthorization(undefined)).toBeNull();
  expect(readAuthorization('Digest abc')).toBeNull();
  expect(readAuthorization('Bearer ')).toBeNull();
  expect(readAuthorization('Basic ')).toBeNull();
});
