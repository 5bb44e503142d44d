import { describe, expect, it } from 'vitest';
import {
  deviceText,
  initials,
  originOf,
  placeOf,
  propertyLines,
  readValue,
  withEdit,
} from './profile.ts';

describe('initials', () => {
  it('are of the first and the last word', () => {
    expect(
      ['Ada Lovelace', 'Ada King Lovelace', 'ada@example.com', 'user-17', '李 雷'].map(initials),
    ).toEqual(['AL', 'AL', 'A', 'U1', '李雷']);
    expect(['', '@@'].map(initials)).toEqual(['?', '?']);
  });
});

describe('deviceText', () => {
  it('tells what is known of a device', () => {
    expect(deviceText({ browser: 'Firefox', os: 'Linux', device: null, count: 1 })).toBe(
      'Firefox, Linux',
    );
    expect(deviceText({ browser: null, os: 'Android', device: 'Pixel 8', count: 1 })).toBe(
      'Android, Pixel 8',
    );
  });
});

describe('propertyLines', () => {
  const properties = { $email: 'ada@example.com', plan: 'pro', age: 36, tags: ['x'] };

  it("puts the customer's own first, each with its type", () => {
    expect(propertyLines(properties, '').map(({ label, type }) => `${label} ${type}`)).toEqual([
      'age number',
      'plan text',
      'tags list',
      'E-mail text',
    ]);
  });

  it('finds names, labels and values, ignoring case', () => {
    const found = (search: string) => propertyLines(properties, search).map(({ name }) => name);
    expect(found('PLAN')).toEqual(['plan']);
    expect(found('e-mail')).toEqual(['$email']);
    expect(found('example')).toEqual(['$email']);
    expect(found('nothing')).toEqual([]);
  });
});

describe('what a profile tells', () => {
  it('is the place, each part once', () => {
    expect(placeOf({ $city: 'Berlin', $region: 'Berlin', $country_code: 'DE' })).toBe('Berlin, DE');
    expect(placeOf(null)).toBe('');
  });

  it('is where the user came from', () => {
    expect(originOf({ $initial_referring_domain: 'news.example', utm_campaign: 'spring' })).toEqual(
      [
        { label: 'First referrer', text: 'news.example' },
        { label: 'Campaign', text: 'spring' },
      ],
    );
    expect(originOf(null)).toEqual([]);
  });
});

describe('editing', () => {
  it('reads what was typed as the type says', () => {
    expect(readValue('36', 'text')).toEqual({ value: '36' });
    expect(readValue('36.5', 'number')).toEqual({ value: 36.5 });
    expect(readValue('false', 'boolean')).toEqual({ value: false });
    expect(readValue('many', 'number')).toEqual({ problem: '"many" is not a number' });
    expect(readValue(' ', 'number')).toEqual({ problem: '" " is not a number' });
  });

  it('shows what an edit does', () => {
    const before = { plan: 'pro', age: 36 };
    expect(withEdit(before, { operator: '$set', values: { plan: 'free' } })).toEqual({
      plan: 'free',
      age: 36,
    });
    expect(withEdit(before, { operator: '$unset', names: ['age'] })).toEqual({ plan: 'pro' });
    expect(withEdit(before, { operator: '$delete' })).toBeNull();
    expect(withEdit(null, { operator: '$set', values: { a: 1 } })).toEqual({ a: 1 });
  });
});
