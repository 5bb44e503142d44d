import { gunzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { UsageError } from '@arbor/local-stack/parse-command';
import { ingestOptionsOf } from './ingest-options.ts';
import { loadRequest } from './load-requests.ts';

type Sent = { event: string; properties: Record<string, unknown> }[];

test('each event of a load has an insert id of its own; the first may be a probe', () => {
  const track = JSON.parse(loadRequest('track', 1, 'Probe 1').body.toString()) as Sent;
  const imported = JSON.parse(gunzipSync(loadRequest('import', 2).body).toString()) as Sent;
  expect([track.length, imported.length]).toEqual([50, 2000]);
  const ids = [...track, ...imported].map(({ properties }) => properties['$insert_id']);
  expect(new Set(ids).size).toBe(2050);
  expect(track.map(({ event }) => event === 'Probe 1')).toEqual([true, ...Array(49).fill(false)]);
});

test('options have defaults, and what is wrong is named', () => {
  expect(ingestOptionsOf({})).toMatchObject({
    loads: ['track', 'import'],
    seconds: 60,
    rate: 20_000,
    senders: 32,
    isOpen: false,
  });
  expect(ingestOptionsOf({ open: true })).toMatchObject({ senders: 3000, isOpen: true });
  expect(() => ingestOptionsOf({ loads: 'trick' })).toThrow(UsageError);
  expect(() => ingestOptionsOf({ rate: '-1' })).toThrow(
    '--rate "-1": must be a whole number from 0 on',
  );
});
