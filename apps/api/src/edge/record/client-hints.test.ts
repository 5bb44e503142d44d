import { expect, test } from 'vitest';
import { readClientHints } from './client-hints.ts';

const read = (headers: Readonly<Record<string, string>>) =>
  readClientHints((name) => headers[name] ?? '');

test('reads browser, system and device that the agent string hides', () => {
  expect(
    read({
      'sec-ch-ua': '"Not/A)Brand";v="8", "Chromium";v="126", "Google Chrome";v="126"',
      'sec-ch-ua-full-version-list':
        '"Not/A)Brand";v="8.0.0.0", "Chromium";v="126.0.6478.61", "Google Chrome";v="126.0.6478.61"',
      'sec-ch-ua-platform': '"Windows"',
      'sec-ch-ua-platform-version': '"15.0.0"',
    }),
  ).toEqual({ $browser: 'Chrome', $browser_version: 126, $os: 'Windows', $os_version: '11' });
  expect(
    read({
      'sec-ch-ua': '"Chromium";v="125", "Microsoft Edge";v="125", "Not.A/Brand";v="24"',
      'sec-ch-ua-platform': '"Android"',
      'sec-ch-ua-platform-version': '"14.0.0"',
      'sec-ch-ua-model': '"Pixel 8"',
    }),
  ).toEqual({
    $browser: 'Microsoft Edge',
    $browser_version: 125,
    $os: 'Android',
    $os_version: '14.0.0',
    $device: 'Pixel 8',
  });
});

test('takes the engine where it is all that is named', () => {
  expect(read({ 'sec-ch-ua': '"Not;A=Brand";v="24", "Chromium";v="128"' })).toEqual({
    $browser: 'Chromium',
    $browser_version: 128,
  });
});

test.each([
  ['10.0.0', '10'],
  ['13.0.0', '11'],
  ['0.3.0', undefined],
  ['', undefined],
])('names Windows %s', (version, is) => {
  const headers = {
    'sec-ch-ua-platform': '"Windows"',
    'sec-ch-ua-platform-version': `"${version}"`,
  };
  expect(read(headers)['$os_version']).toBe(is);
});

test('uses the names that the agent reader uses', () => {
  expect(read({ 'sec-ch-ua-platform': '"macOS"' })).toEqual({ $os: 'Mac OS X' });
  expect(read({ 'sec-ch-ua-platform': '"Chrome OS"' })).toEqual({ $os: 'Chrome OS' });
});

test.each([
  {},
  { 'sec-ch-ua-platform': 'Windows', 'sec-ch-ua-model': '""' },
  { 'sec-ch-ua-platform': '"Unknown"', 'sec-ch-ua': 'nonsense' },
  { 'sec-ch-ua-platform': `"${'x'.repeat(600)}"`, 'sec-ch-ua': `"${'x'.repeat(600)}";v="1"` },
])('says nothing where nothing is said: %j', (headers) => {
  expect(read(headers)).toEqual({});
});
