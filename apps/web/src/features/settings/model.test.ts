import { expect, test } from 'vitest';
import { actionText, browserName, originsOf, pagesFor, rolesToGive } from './model.ts';

test('shows nobody a page that is not for him', () => {
  const pages = (...given: Parameters<typeof pagesFor>) => pagesFor(...given).map(({ id }) => id);
  expect(pages('owner', true)).toEqual(['project', 'members', 'accounts', 'activity', 'account']);
  expect(pages('analyst', true)).toEqual(['project', 'account']);
  expect(pages('consumer', false)).toEqual(['project']);
});

test('offers no role that is more than one has', () => {
  expect(rolesToGive('owner')).toContain('owner');
  expect(rolesToGive('admin')).toEqual(['admin', 'analyst', 'consumer']);
});

test('reads origins as they are typed or pasted', () => {
  expect(originsOf(' https://a.example,\nhttps://b.example \n\nhttps://a.example')).toEqual([
    'https://a.example',
    'https://b.example',
  ]);
  expect(originsOf(' ')).toEqual([]);
});

test('says what was done in words', () => {
  expect(actionText('report.create')).toBe('report created');
  expect(actionText('session_settings.set')).toBe('session settings set');
  expect(actionText('identity.mode')).toBe('identity mode');
});

test.each([
  ['Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0', 'Firefox on Linux'],
  [
    'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 Chrome/147.0 Safari/537.36',
    'Chrome on macOS',
  ],
  [
    'Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) Version/19.0 Safari/604.1',
    'Safari on iPhone',
  ],
  ['curl/8.0', 'curl/8.0'],
  [null, 'Unknown program'],
])('calls the program %s %s', (userAgent, name) => {
  expect(browserName(userAgent)).toBe(name);
});
