import { expect, test } from 'vitest';
import { redirectAnswer } from './redirect-answer.ts';

const hosts = ['shop.example', 'localhost:3000'];
const get = { method: 'GET' };

test('leads on to a host that the operator named', () => {
  expect(redirectAnswer(get, 'https://shop.example/a?b=1#c', hosts)).toMatchObject({
    status: 302,
    headers: { location: 'https://shop.example/a?b=1#c' },
  });
  expect(redirectAnswer(get, 'http://localhost:3000', hosts)?.headers).toEqual({
    location: 'http://localhost:3000/',
  });
});

test.each([
  'https://evil.example/?https://shop.example',
  'https://shop.example:8443/',
  'https://shop.example@evil.example/',
  '//shop.example/',
  'javascript:alert(1)//shop.example',
  'data:text/html,shop.example',
  'shop.example',
  '',
])('ignores %s', (wanted) => {
  expect(redirectAnswer(get, wanted, hosts)).toBeNull();
});

test('ignores it in a POST, and where no host was named', () => {
  expect(redirectAnswer({ method: 'POST' }, 'https://shop.example/', hosts)).toBeNull();
  expect(redirectAnswer(get, 'https://shop.example/', [])).toBeNull();
});
