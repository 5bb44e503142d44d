import fc from 'fast-check';
import { expect, it } from 'vitest';
import { instantOf } from './written-time.ts';

const iso = (value: unknown): string => new Date(value as number).toISOString();

it('reads dates with a zone as what they say, and others on the clock of the file', () => {
  expect(iso(instantOf('2026-07-01 12:30:15.25', 'UTC'))).toBe('2026-07-01T12:30:15.250Z');
  expect(iso(instantOf('2026-07-01T12:30Z', 'Asia/Tokyo'))).toBe('2026-07-01T12:30:00.000Z');
  expect(iso(instantOf('2026-07-01 12:30:00+0530', 'UTC'))).toBe('2026-07-01T07:00:00.000Z');
  expect(iso(instantOf('2026-07-01T12:30:00-03:00', 'UTC'))).toBe('2026-07-01T15:30:00.000Z');
  expect(iso(instantOf('2026-07-01 12:30:00 UTC', 'Asia/Tokyo'))).toBe('2026-07-01T12:30:00.000Z');
  expect(iso(instantOf('2026-07-01 12:30:00', 'Europe/Berlin'))).toBe('2026-07-01T10:30:00.000Z');
  expect(iso(instantOf('2026-01-01', 'Europe/Berlin'))).toBe('2025-12-31T23:00:00.000Z');
});

it('takes the first of an hour that comes twice, and the hour after one that is skipped', () => {
  expect(iso(instantOf('2026-10-25 02:30:00', 'Europe/Berlin'))).toBe('2026-10-25T00:30:00.000Z');
  expect(iso(instantOf('2026-03-29 02:30:00', 'Europe/Berlin'))).toBe('2026-03-29T01:30:00.000Z');
});

it('leaves everything else to the server', () => {
  for (const value of [
    1_700_000_000,
    null,
    undefined,
    'soon',
    '2026-02-31',
    '2026-25-03',
    '2026-00-03 10:00:00',
    '2026-01-01 25:00',
    '01/02/2026',
    '0024-03-05',
  ]) {
    expect(instantOf(value, 'UTC')).toBe(value);
  }
});

it('gives back the instant of which a clock shows the time', () => {
  const zones = ['UTC', 'America/St_Johns', 'Pacific/Apia', 'Australia/Lord_Howe'];
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 2_000_000_000 }),
      fc.constantFrom(...zones),
      (seconds, timezone) => {
        const shown = (ms: number): string =>
          new Intl.DateTimeFormat('sv-SE', {
            timeZone: timezone,
            dateStyle: 'short',
            timeStyle: 'medium',
          }).format(ms);
        const text = shown(seconds * 1000);
        expect(shown(instantOf(text, timezone) as number)).toBe(text);
      },
    ),
    { numRuns: 200 },
  );
});
