import { describe, expect, it } from 'vitest';
import { querySentence, titleWithRange } from './query-sentence.ts';

const country = {
  property: { scope: 'event', name: 'country' },
  kind: 'text',
  operator: 'equals',
  values: ['DE', 'FR'],
};

describe('titleWithRange (UX-R4)', () => {
  it('says what is asked and of when', () => {
    expect(titleWithRange('Purchase, total, by Country', { preset: '30d' })).toBe(
      'Purchase, total, by Country, last 30 days',
    );
    expect(titleWithRange('Purchase, total', { from: '2026-03-01', to: '2026-03-01' })).toMatch(
      /^Purchase, total, .*Mar/,
    );
  });
});

describe('querySentence (UX-R5)', () => {
  const range = { preset: '7d' } as const;
  const timezone = 'Europe/Berlin';

  it('says that several values are one of', () => {
    expect(
      querySentence('Purchase, total', { range, timezone, view: { filters: [country] } }),
    ).toBe('Purchase, total, last 7 days, days of Europe/Berlin, where country is DE or FR.');
  });

  it('counts what it has no words for', () => {
    const filters = [country, { cohort: { operator: 'in', id: 'a' } }];
    expect(querySentence('Purchase, total', { range, timezone, view: { filters } })).toMatch(
      /country is DE or FR and 1 more condition holds\.$/,
    );
  });
});
