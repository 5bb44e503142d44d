import { type Filter, querySchema } from '@arbor/schema/query';
import { describe, expect, it } from 'vitest';
import { batch, event, midnight, openStore } from '../../test/batches.ts';
import { encodeRowBatch, type RowBatch } from '../format/row-batch.ts';
import { planQuery } from '../query/plan/plan.ts';
import type { InsightsPlan } from '../query/plan/plan-types.ts';
import type { ExportRequest, ExportSetup } from './export-messages.ts';
import { exportRows, type ExportRowsOptions } from './export-rows.ts';
import { checkRowFilters } from './row-filters.ts';
import { exportInThisThread } from './testing/export-in-this-thread.ts';

const planOf = (filters: Filter[]) =>
  planQuery(
    querySchema.parse({
      type: 'insights',
      range: { from: '2024-03-04', to: '2024-03-05' },
      filters,
      metrics: [{ selector: { anyOf: [{ event: null }] }, measure: { type: 'total' } }],
    }),
    { timezone: 'UTC', weekStart: 1, nowMs: Date.UTC(2024, 5, 1) },
  ) as InsightsPlan;
const plan = planOf([]);

async function storeOf(...batches: RowBatch[]) {
  const { store } = await openStore();
  for (const one of batches) await store.append(encodeRowBatch(one));
  return store;
}

/** Text of an export, through a thread unless told otherwise. */
async function exported(
  batches: RowBatch[],
  change: Partial<ExportRequest> = {},
  start?: ExportRowsOptions['start'],
): Promise<string> {
  const store = await storeOf(...batches);
  const request = {
    project: 1,
    plan,
    events: null,
    fromMs: null,
    limit: null,
    timeInMs: false,
    ...change,
  };
  const { signal } = new AbortController();
  const chunks: string[] = [];
  for await (const chunk of exportRows(request, () => [store.snapshot(1)], {
    signal,
    ...(start && { start }),
  })) {
    chunks.push(Buffer.from(chunk).toString());
  }
  await store.close();
  return chunks.join('');
}

const at = (seconds: number): number => midnight + seconds * 1000 + 250;

describe('exportRows (query-api.md 12)', () => {
  it('writes a line an event in order of time, with what the envelope says', async () => {
    const text = await exported([
      batch('b1', {
        sequence: 1_709_543_400_999_000,
        events: [
          event({ event: 'View', time: at(7), insertId: 'k2', position: 0 }),
          event({
            event: 'Play',
            time: at(5),
            insertId: 'k1',
            position: 1,
            properties: { song: 'A "b"\u2028', list: [1, null], time: 'x', no: null },
          }),
        ],
      }),
    ]);
    expect(text).toBe(
      `{"event":"Play","properties":{"time":${at(5) / 1000 - 0.25},"distinct_id":"u1","$insert_id":"k1",` +
        `"list":[1,null],"no":null,"song":"A \\"b\\"\u2028","mp_processing_time_ms":1709543400999}}\n` +
        `{"event":"View","properties":{"time":${at(7) / 1000 - 0.25},"distinct_id":"u1","$insert_id":"k2",` +
        `"mp_processing_time_ms":1709543400999}}\n`,
    );
  });

  it('names who sent an event that belongs to another user by now, and writes ms where asked', async () => {
    const text = await exported(
      [
        batch('b1', { events: [event({ distinctId: 'anon', user: 'anon', time: at(1) })] }),
        batch('b2', {
          sequence: 2000,
          events: [event({ distinctId: 'anon', user: 'u1', time: at(2), insertId: 'i2' })],
          links: [{ loser: 'anon', winner: 'u1' }],
        }),
      ],
      { timeInMs: true },
    );
    const lines = text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { properties: object });
    expect(lines.map(({ properties }) => properties)).toEqual(
      [at(1), at(2)].map((time, i) => ({
        time,
        distinct_id: 'u1',
        $distinct_id_before_identity: 'anon',
        $insert_id: `i${i + 1}`,
        mp_processing_time_ms: i + 1,
      })),
    );
  });

  it('filters by what lies in events: their names, times and ids too', async () => {
    const batches = [
      batch('b1', {
        events: [
          event({ event: 'View', time: at(1), insertId: 'k1', properties: { n: 1 } }),
          event({ event: 'View', time: at(2), insertId: 'k2', properties: { n: 2 } }),
          event({ event: 'Play', time: at(3), insertId: 'k3', properties: { n: '2' } }),
          event({ event: 'View', time: at(4), insertId: 'k4', distinctId: 'u2', user: 'u2' }),
        ],
      }),
    ];
    const passing = async (expression: string) => {
      const computed = { type: 'formula' as const, expression, dialect: 'api' as const };
      const filter: Filter = {
        type: 'property',
        property: { scope: 'event', name: 'where', computed, cast: 'boolean' },
        operator: 'is_true',
        values: [],
      };
      const text = await exported(batches, { plan: planOf([filter]) }, (setup) =>
        exportInThisThread(setup),
      );
      return [...text.matchAll(/"k\d"/g)].map(([id]) => id).join();
    };
    expect(await passing('properties["n"] == 2')).toBe('"k2"');
    expect(await passing('event["$event"] == "Play"')).toBe('"k3"');
    expect(await passing('event["$distinct_id"] == "u2"')).toBe('"k4"');
    expect(await passing('event["$time"] < datetime("2024-03-04T00:00:02")')).toBe('"k1"');
  });

  it('is empty where nothing lies in the range', async () => {
    const start = (setup: ExportSetup) => exportInThisThread(setup);
    const before = batch('b1', { events: [event({ time: midnight - 1 })] });
    expect(await exported([], {}, start)).toBe('');
    expect(await exported([before], {}, start)).toBe('');
  });

  it('ends with the signal, and its thread with it', async () => {
    const store = await storeOf(batch('b1', { events: [event()] }));
    const stop = new AbortController();
    const request = {
      project: 1,
      plan,
      events: null,
      fromMs: null,
      limit: null,
      timeInMs: false,
    };
    const lines = exportRows(request, () => [store.snapshot(1)], { signal: stop.signal });
    stop.abort(new Error('enough'));
    await expect(lines.next()).rejects.toThrow('enough');
    await store.close();
  });

  it('refuses filters that look at more than single events', () => {
    const filter = { type: 'cohort', cohorts: [0], negated: false } as const;
    expect(() => checkRowFilters([{ type: 'any', filters: [filter] }])).toThrow(
      'an export is not filtered by cohorts: ask `/engage` who is in them',
    );
  });
});
