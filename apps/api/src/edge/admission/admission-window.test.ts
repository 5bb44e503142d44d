import { expect, test } from 'vitest';
import { AdmissionWindow } from './admission-window.ts';

const bounds = { recordsMin: 100, recordsMax: 10_000, behindMsMax: 1000 };

/** How many records fit, one after the other. */
function room(window: AdmissionWindow, at: number): number {
  let records = 0;
  while (window.fits(1)) {
    window.add(at, 1);
    records++;
  }
  return records;
}

test('what was let in before the oldest that is not stored is done', () => {
  const window = new AdmissionWindow(bounds);
  window.add(1000, 400);
  expect(window.fits(1)).toBe(false);
  window.observe(2000, { behindMs: 950, at: 1990 }, false);
  expect(window.fits(1)).toBe(false);
  window.observe(2100, { behindMs: 900, at: 2090 }, false);
  expect(room(window, 2100)).toBe(400);
});

test('what is on its way to the queue is not taken for done', () => {
  const window = new AdmissionWindow(bounds);
  window.add(1000, 400);
  window.observe(1050, { behindMs: 0, at: 1050 }, false);
  expect(window.fits(1)).toBe(false);
  window.observe(1200, { behindMs: 0, at: 1150 }, false);
  expect(window.fits(1)).toBe(true);
});

test('one request that is larger than the window passes when nothing is under way', () => {
  const window = new AdmissionWindow(bounds);
  expect(window.fits(5000)).toBe(true);
  window.add(0, 5000);
  expect(window.fits(1)).toBe(false);
});

test('it shrinks once for what is behind, down to its least, and grows while someone waits', () => {
  const window = new AdmissionWindow(bounds);
  const seen = (at: number, behindMs: number, isWanted = true): number => {
    window.observe(at, { behindMs, at }, isWanted);
    const records = room(window, at);
    window.observe(at, { behindMs: 0, at: at + 1000 }, false);
    return records;
  };
  expect(seen(10_000, 2000)).toBe(280);
  expect(seen(11_000, 2000)).toBe(280);
  expect(seen(12_000, 2000)).toBe(196);
  for (let at = 20_000; at < 90_000; at += 3000) seen(at, 2500);
  expect(seen(90_000, 3000)).toBe(100);
  expect(seen(91_000, 100, false)).toBe(100);
  expect(seen(92_000, 100)).toBe(125);
  for (let at = 93_000; at < 193_000; at += 1000) seen(at, 100);
  expect(seen(193_000, 100)).toBe(10_000);
  expect(seen(194_000, 700)).toBe(10_000);
});
