import { expect, test } from 'vitest';
import { listedNumberSchema, withDates, type ListedNumber } from './listed-number.ts';

const listed: ListedNumber = {
  point: { type: 'funnel', step: 1, outcome: 'reached', segment: null, bucket: null },
  what: 'users',
  title: 'Reached step 2',
};

test('keeps the dates of the question that the number came from, also through the URL', () => {
  const dated = withDates(listed, { range: { from: '2026-03-01', to: '2026-03-07' } });
  expect(listedNumberSchema.parse(JSON.parse(JSON.stringify(dated)))).toMatchObject({
    title: 'Reached step 2',
    range: { from: '2026-03-01', to: '2026-03-07' },
  });
});

test('still opens links without dates', () => {
  expect(listedNumberSchema.parse(listed).range).toBeUndefined();
  expect(withDates(listed, null)).toEqual(listed);
});

test('opens a link to a number of a segment of long texts, with the beginning of its title', () => {
  const long = { ...listed, title: 'long '.repeat(400) };
  expect(listedNumberSchema.parse(long).title).toBe('long '.repeat(200));
});
