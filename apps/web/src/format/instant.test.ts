import { describe, expect, it } from 'vitest';
import { clockText, dateTimeText, dayText } from './instant.ts';

describe('instants', () => {
  const instant = Date.UTC(2026, 2, 14, 23, 3, 7);

  it("are told in the project's zone", () => {
    expect(dateTimeText(instant, 'UTC')).toBe('14 Mar 2026, 23:03');
    expect(dateTimeText(instant, 'Europe/Berlin')).toBe('15 Mar 2026, 00:03');
    expect(dayText(instant, 'Europe/Berlin')).toBe('15 Mar 2026');
    expect(clockText(instant, 'Asia/Kolkata')).toBe('04:33:07');
  });
});
