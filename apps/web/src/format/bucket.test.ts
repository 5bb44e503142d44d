import { describe, expect, it } from 'vitest';
import { bucketLabel, bucketTitle, dateLabel, parseLocal } from './bucket.ts';

describe('bucket labels', () => {
  it('prints the local time as given, whatever the offset', () => {
    expect(bucketLabel('2026-03-14T23:00:00-11:00', 'hour')).toBe('14 Mar 23:00');
    expect(bucketLabel('2026-03-14T00:00:00+14:00', 'day')).toBe('14 Mar');
  });

  it('names the weekday, and the offset for hours', () => {
    expect(bucketTitle('2026-03-14T00:00:00+01:00', 'day')).toBe('Sat 14 Mar 2026');
    expect(bucketTitle('2026-10-25T02:00:00+01:00', 'hour')).toBe(
      'Sun 25 Oct 2026, 02:00 (UTC+01:00)',
    );
    expect(bucketTitle('2026-03-09T00:00:00Z', 'week')).toBe('Week of Mon 9 Mar 2026');
    expect(bucketTitle('2026-03-01T00:00:00Z', 'month')).toBe('Mar 2026');
  });

  it('writes plain dates', () => {
    expect(dateLabel('2026-03-04')).toBe('4 Mar 2026');
  });

  it('refuses a text that is no date', () => {
    expect(() => parseLocal('14.3.2026')).toThrow(
      'bucket start "14.3.2026" is not a local date or time',
    );
  });
});
