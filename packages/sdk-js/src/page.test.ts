import { expect, test } from 'vitest';
import { campaignOf } from './campaign.ts';
import { addressProperties, redactUrl } from './page.ts';

test.each([
  ['https://a.example/x?token=1&plan=pro#top', {}, 'https://a.example/x?plan=pro'],
  ['https://a.example/x?plan=pro&Email=a', {}, 'https://a.example/x?plan=pro'],
  ['https://a.example/x?code=1', {}, 'https://a.example/x'],
  ['https://a.example/x?mine=1&b=2', { redact: ['mine'] }, 'https://a.example/x?b=2'],
  ['https://a.example/x#top', { hash: true }, 'https://a.example/x#top'],
  ['https://a.example/x?b=2#access_token=1', { hash: true }, 'https://a.example/x?b=2'],
  ['https://a.example/#/in?token=1&b=2', { hash: true }, 'https://a.example/#/in?b=2'],
])('cuts secrets and the fragment out of %s', (url, redaction, expected) => {
  expect(redactUrl(url, redaction)).toBe(expected);
});

test('takes a referrer of another site only', () => {
  const url = 'https://a.example/x';
  expect(addressProperties(url, 'https://a.example/y', {})).not.toHaveProperty('$referrer');
  expect(addressProperties(url, 'https://b.example/y?key=1', {})).toMatchObject({
    $referrer: 'https://b.example/y',
    $referring_domain: 'b.example',
  });
});

test('finds campaign and click ids, and nothing else', () => {
  expect(campaignOf('?utm_source=a+b&gclid=7&utm_term=&plan=pro')).toEqual({
    utm_source: 'a b',
    gclid: '7',
  });
});
