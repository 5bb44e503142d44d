import { expect, test } from 'vitest';
import { localDays } from './local-days.ts';

const at = (text: string): number => Date.parse(`2024-${text}Z`);

function daysOf(timezone: string, ...times: string[]) {
  const zone = { timezone, weekStart: 1 };
  const { dayOf, follows } = localDays(Float64Array.from(times, at), zone);
  return { days: [...dayOf], follows: Array.from(dayOf, (day) => follows[day]) };
}

test('a day is that of the zone, whatever order the times come in', () => {
  const { days } = daysOf('America/New_York', '07-02T03:59', '07-02T04:00', '07-01T04:00');
  expect(days[0]).toBe(days[2]);
  expect(days[1]).toBe(days[0] + 1);
});

test('days of 23 and of 25 hours end at their midnight', () => {
  const spring = daysOf('America/New_York', '03-10T05:00', '03-11T03:59', '03-11T04:00').days;
  expect([spring[1] - spring[0], spring[2] - spring[1]]).toEqual([0, 1]);
  const autumn = daysOf('America/New_York', '11-03T04:00', '11-04T04:59', '11-04T05:00').days;
  expect([autumn[1] - autumn[0], autumn[2] - autumn[1]]).toEqual([0, 1]);
});

test('a day follows the one before it in the list only where no day lies between', () => {
  expect(daysOf('UTC', '03-01T12:00', '03-02T12:00', '03-09T12:00').follows).toEqual([0, 1, 0]);
});

test('no times have no days', () => {
  expect(daysOf('UTC').days).toEqual([]);
});
