import type { IngestionHealth } from '@arbor/schema/ingestion-health';
import { describe, expect, it } from 'vitest';
import { checksOf, healthChart } from './health.ts';

const replica = { name: 's', serving: true, lagMs: 40 };
const health: IngestionHealth = {
  span: 'hour',
  checkedAt: 0,
  buckets: [
    { startMs: Date.UTC(2026, 0, 1, 12), accepted: 99, refused: 1 },
    { startMs: Date.UTC(2026, 0, 1, 12, 1), accepted: 100, refused: 0 },
  ],
  sources: [],
  refusals: [],
  lost: [],
  lastMs: null,
  lanes: [
    { lane: 'live', behindMs: 0, jobs: 2 },
    { lane: 'bulk', behindMs: 500, jobs: 1 },
  ],
  zones: [
    { zone: 'a', replicas: [replica] },
    { zone: 'b', replicas: [replica] },
  ],
  deadLetters: 0,
};
const texts = (change: Partial<IngestionHealth>) =>
  checksOf({ ...health, ...change }).map(({ label, state, text }) => [label, state, text]);

describe('checksOf', () => {
  it('says that all is well', () => {
    expect(texts({})).toEqual([
      ['Queues', 'ok', 'Keeping up: 3 waiting, 500 ms behind'],
      ['Zone a', 'ok', 'Serving, 40 ms behind'],
      ['Zone b', 'ok', 'Serving, 40 ms behind'],
      ['Refused records', 'ok', '1, 0.5\u00a0% of all'],
    ]);
  });

  it('tells what browsers had to give up, and why', () => {
    const lost = [
      { reason: 'size' as const, count: 1200 },
      { reason: 'rate' as const, count: 1 },
    ];
    expect(texts({ lost })[0]).toEqual([
      'Lost in browsers',
      'late',
      '1,200: more waited than a browser keeps; 1: too many clicks at once',
    ]);
  });

  it('puts what is broken first, then what is late', () => {
    const lanes = [{ lane: 'live' as const, behindMs: 240_000, jobs: 9 }];
    const zones = [
      { zone: 'a', replicas: [{ ...replica, serving: false }] },
      { zone: 'b', replicas: [] },
    ];
    expect(texts({ lanes, zones, deadLetters: 2 }).slice(0, 4)).toEqual([
      ['Zone b', 'broken', 'No storage process answers'],
      [
        'Batches that cannot be stored',
        'broken',
        '2 put away, of all projects: see cli dead-letters',
      ],
      ['Queues', 'late', 'New data is 4 m behind. Nothing is lost.'],
      ['Zone a', 'late', 'Catching up, not answering queries yet'],
    ]);
  });

  it('tells of a row log of which something could not be read', () => {
    const damaged = { ...replica, damagedLogs: 2 };
    const zones = [
      { zone: 'a', replicas: [replica] },
      { zone: 'b', replicas: [damaged, { ...replica, damagedLogs: 1 }] },
    ];
    expect(texts({ zones })[0]).toEqual([
      'Row log of zone b',
      'late',
      '3 files damaged on disk. What can be read is kept; other zones have the rest. The log of storage says which.',
    ]);
  });

  it('calls for attention where more than one in a hundred is refused', () => {
    const buckets = [{ startMs: 0, accepted: 50, refused: 50 }];
    expect(texts({ buckets })[0]).toEqual(['Refused records', 'late', '50, 50.0\u00a0% of all']);
    expect(texts({ buckets: [] }).at(-1)).toEqual(['Refused records', 'ok', 'None']);
  });
});

describe('healthChart', () => {
  it('writes times in the zone of the project, and knows that the last bucket is not over', () => {
    const { buckets, series } = healthChart(health, 'Asia/Tokyo');
    expect(buckets).toEqual([
      { label: '21:00', title: '21:00', incomplete: false },
      { label: '21:01', title: '21:01', incomplete: true },
    ]);
    expect(series.map(({ name, values }) => [name, values])).toEqual([
      ['Accepted', [99, 100]],
      ['Refused', [1, 0]],
    ]);
    const week = healthChart({ ...health, span: 'week' }, 'UTC');
    expect(week.buckets[0]?.label).toBe('1 Jan, 12:00');
  });
});
