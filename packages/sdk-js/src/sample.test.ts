import { expect, test } from 'vitest';
import type { WireRecord } from './options.ts';
import { sampled } from './sample.ts';

const scrolled = (device: number | string): WireRecord => ({
  event: 'Scroll',
  properties: { $device_id: `0c8f6d3e-1b5a-4c7d-a2e9-${String(device).padStart(12, '0')}`, n: 1 },
});

test('keeps the share that it is told, always of the same devices, and says which', () => {
  const filter = sampled({ sample: { Scroll: 0.1 } });
  const devices = Array.from({ length: 4000 }, (_, n) => n);
  const kept = devices.filter((n) => filter(scrolled(n)));
  expect(kept.length).toBeGreaterThan(300);
  expect(kept.length).toBeLessThan(500);
  expect(devices.filter((n) => filter(scrolled(n)))).toEqual(kept);
  expect(filter(scrolled(kept[0] ?? 0))).toMatchObject({
    event: 'Scroll',
    properties: { n: 1, $sample_rate: 0.1 },
  });
});

test.each([
  [0, 0],
  [1, 200],
])('a share of %d keeps %d of 200', (rate, count) => {
  const filter = sampled({ sample: { Scroll: rate } });
  const devices = Array.from({ length: 200 }, (_, n) => n);
  expect(devices.filter((n) => filter(scrolled(n)))).toHaveLength(count);
});

test('leaves other events as they are, and to the filter of the page', () => {
  const record = { event: 'Bought', properties: { n: 1 } };
  expect(sampled({ sample: { Scroll: 0 } })(record)).toBe(record);
  expect(sampled({ sample: {}, beforeSend: () => null })(record)).toBeNull();
});

test('decides by the event where nobody is known', () => {
  const filter = sampled({ sample: { Scroll: 0.5 } });
  const ofNobody = (n: number): WireRecord => ({
    event: 'Scroll',
    properties: { $cookieless: true, $insert_id: `k3v9x2m7q1w8e5r${n}` },
  });
  const kept = Array.from({ length: 1000 }, (_, n) => n).filter((n) => filter(ofNobody(n)));
  expect(kept.length).toBeGreaterThan(400);
  expect(kept.length).toBeLessThan(600);
});
