import { expect, test } from 'vitest';
import { parseRangeText } from './range-text.ts';

const today = '2026-05-20';

test.each([
  ['last 14 days', { last: 14, unit: 'day' }],
  ['5 weeks', { last: 5, unit: 'week' }],
  ['Last  90 minutes', { last: 90, unit: 'minute' }],
  ['this week', { toDate: 'week' }],
  ['last quarter', { previous: 'quarter' }],
  ['yesterday', { preset: 'yesterday' }],
  ['since 1 march', { since: '2026-03-01' }],
  ['since 2025-12-24', { since: '2025-12-24' }],
  ['since december', { since: '2025-12-01' }],
  ['2026-01..2026-03', { from: '2026-01-01', to: '2026-03-31' }],
  ['2026-01-05 – 2026-02-10', { from: '2026-01-05', to: '2026-02-10' }],
  ['q2 2026', { from: '2026-04-01', to: '2026-06-30' }],
  ['2025', { from: '2025-01-01', to: '2025-12-31' }],
  ['feb 2024', { from: '2024-02-01', to: '2024-02-29' }],
  ['24 december 2025 to 2 january 2026', { from: '2025-12-24', to: '2026-01-02' }],
  ['yesterday 9:00-17:00', { from: '2026-05-19T09:00:00', to: '2026-05-19T16:59:59' }],
  ['2026-03-05 22-24:00', { from: '2026-03-05T22:00:00', to: '2026-03-05T23:59:59' }],
])('reads "%s"', (text, range) => {
  expect(parseRangeText(text, today)).toEqual(range);
});

test.each([
  '',
  'soon',
  '0 days',
  '2026-02-31',
  '2026-03..2026-01',
  'since 2027-01-01',
  'yesterday 17-9',
  'q2 2026 9:00-10:00',
  '31 april',
])('does not read "%s"', (text) => {
  expect(parseRangeText(text, today)).toBeNull();
});
