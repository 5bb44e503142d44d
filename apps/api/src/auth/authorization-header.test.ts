import { expect, test } from 'vitest';
import { parseBasicCredentials } from './basic-credentials.ts';

const base64 = (text: string): string => Buffer.from(text).toString('base64');

test('reads base64 and plain text, with and without a password', () => {
  const account = { username: 'robot', password: 's:e' };
  expect(parseBasicCredentials(`Basic ${base64('robot:s:e')}`)).toEqual(account);
  expect(parseBasicCredentials('basic robot:s:e')).toEqual(account);
  expect(parseBasicCredentials(`Basic ${base64('secret:')}`)).toEqual({
    username: 'secret',
    password: '',
  });
  expect(parseBasicCredentials(`Basic ${base64('secret')}`)).toEqual({
    username: 'secret',
    password: '',
  });
});

test('sees no credentials in another scheme, in an empty one, and without a header', () => {
  expect(parseBasicCredentials(undefined)).toBeNull();
  expect(parseBasicCredentials('Bearer abc')).toBeNull();
  expect(parseBasicCredentials('Basic ')).toBeNull();
});
