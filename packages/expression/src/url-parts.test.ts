import { expect, it } from 'vitest';
import { urlPart } from './url-parts.ts';

it.each([
  ['https://www.example.com/a', 'www.example.com', 'example.com'],
  ['HTTP://WWW.Example.COM', 'www.example.com', 'example.com'],
  ['https://user:pass@a.b.example.co.uk:8443/x?y=@z', 'a.b.example.co.uk', 'example.co.uk'],
  ['//cdn.example.com/x.js', 'cdn.example.com', 'example.com'],
  ['https://example.com.', 'example.com', 'example.com'],
  ['www.example.org/path', 'www.example.org', 'example.org'],
  ['example.org', 'example.org', 'example.org'],
  ['http://localhost:3000/', 'localhost', 'localhost'],
  ['http://192.168.0.1:80/', '192.168.0.1', '192.168.0.1'],
  ['http://[::1]:80/', '[::1]', '[::1]'],
  ['android-app://com.example.app/x', 'com.example.app', 'example.app'],
  ['https://bücher.example/', 'bücher.example', 'bücher.example'],
  ['https://co.uk/', 'co.uk', 'co.uk'],
  ['', undefined, undefined],
  ['hello', undefined, undefined],
  ['hello world.com', undefined, undefined],
  ['mailto:a@example.com', undefined, undefined],
  ['https:///path', undefined, undefined],
  ['/path/a.b', undefined, undefined],
])('of %s the host is %s and the domain %s', (url, host, domain) => {
  expect(urlPart(url, 'full_domain')).toBe(host);
  expect(urlPart(url, 'domain')).toBe(domain);
});
