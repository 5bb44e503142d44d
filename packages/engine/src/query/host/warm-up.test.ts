import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { querySchema, type QueryInput } from '@arbor/schema/query';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { bytesSource } from '../../format/segment/byte-source.ts';
import { encodeSegment } from '../../format/segment/encode-segment.ts';
import { SegmentFile } from '../../format/segment/segment-file.ts';
import { planQuery, type Plan } from '../plan/plan.ts';
import type { ProjectSnapshot } from '../scan/project-snapshot.ts';
import { ScanHost } from './scan-host.ts';
import { warmUpRows } from './warm-up-rows.ts';
import { warmUp } from './warm-up.ts';

let directory: string;
let host: ScanHost;

beforeEach(() => {
  directory = fs.mkdtempSync(path.join(os.tmpdir(), 'arbor-warm-up-'));
  host = ScanHost.create({ threads: 1, cacheBytes: 2 ** 24 });
});
afterEach(async () => {
  await host.close();
  fs.rmSync(directory, { recursive: true });
});

const planOf = (event: string): Plan => {
  const query: QueryInput = {
    type: 'insights',
    range: { from: '2020-03-01', to: '2020-03-14' },
    metrics: [{ selector: { anyOf: [{ event }] }, measure: { type: 'unique' } }],
  };
  return planQuery(querySchema.parse(query), { timezone: 'UTC', weekStart: 1, nowMs: 0 });
};
const plans = [planOf('event 0'), planOf('event 7')];

const noWords = new Uint32Array(0);
const nothing: ProjectSnapshot = {
  project: 1,
  shard: 0,
  users: { count: 0, bytes: new Uint8Array(0), ends: new Uint32Array(1) },
  redirects: { losers: noWords, winners: noWords, ranks: noWords },
  days: [],
  personProperty: () => undefined,
};

describe('warming up', () => {
  it('decodes the made-up days anew each round, and leaves nothing of them', async () => {
    await warmUp(host, { plans, directory, rounds: 2 });
    expect(host.stats()).toMatchObject({
      loads: 2 * plans.length * 14,
      cacheBytes: 0,
      dictionaryBytes: 0,
      queriesRunning: 0,
    });
    expect(fs.readdirSync(directory)).toEqual([]);
  });

  it('waits for whoever asks, and goes on afterwards', async () => {
    const asked = host.run(plans[0], nothing);
    const warming = warmUp(host, { plans, directory, rounds: 1 });
    await asked;
    expect(host.stats().loads).toBe(0);
    await warming;
    expect(host.stats().loads).toBe(plans.length * 14);
    expect(fs.readdirSync(directory)).toEqual([]);
  });

  it('removes what processes left that were killed, and leaves what others are at', async () => {
    const theirs = `warm-up-${process.ppid}-x`;
    for (const name of [`warm-up-${process.pid}-x`, 'warm-up-4194305-x', theirs, 'shards']) {
      fs.mkdirSync(path.join(directory, name, 'files'), { recursive: true });
    }
    await warmUp(host, { plans: [], directory, rounds: 1 });
    expect(fs.readdirSync(directory).sort()).toEqual(['shards', theirs]);
  });

  it('ends with the reason of its signal', async () => {
    const signal = AbortSignal.abort(new Error('the process ends'));
    const warming = warmUp(host, { plans, directory, rounds: 1, signal });
    await expect(warming).rejects.toThrow('the process ends');
    expect(fs.readdirSync(directory)).toEqual([]);
  });
});

it('makes up the same rows each time, which a segment can hold', () => {
  const rows = warmUpRows();
  expect(warmUpRows()).toEqual(rows);
  const file = SegmentFile.open(
    bytesSource(encodeSegment(rows, { project: 1, shard: 0, day: 18_322 })),
  );
  expect(file.rows().times).toEqual(rows.times);
  expect(file.events.map(({ name }) => name)).toEqual(rows.events);
  expect(file.properties).toEqual(rows.properties.map(({ name }) => name));
});
