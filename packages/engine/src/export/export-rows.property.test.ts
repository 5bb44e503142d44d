import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { type FilterInput, querySchema } from '@arbor/schema/query';
import type { Properties } from '@arbor/schema/property-value';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openStore } from '../../test/batches.ts';
import { ask } from '../../test/model/ask.ts';
import { propertyRuns, propertySeed } from '../../test/model/property-runs.ts';
import { viewOf } from '../../test/model/snapshot-view.ts';
import { batchesOfTwoDays } from '../../test/random-batches.ts';
import { TestCatalog } from '../../test/test-catalog.ts';
import { encodeRowBatch } from '../format/row-batch.ts';
import type { ShardView } from '../query/exec/shard-view.ts';
import type { InsightsPlan } from '../query/plan/plan-types.ts';
import { planQuery } from '../query/plan/plan.ts';
import type { ProjectSnapshot } from '../query/scan/project-snapshot.ts';
import type { ShardStore } from '../store/shard-store.ts';
import type { ExportRequest } from './export-messages.ts';
import { exportRows } from './export-rows.ts';
import { exportInThisThread } from './testing/export-in-this-thread.ts';

let folder: string;

beforeAll(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'arbor-export-'));
});
afterAll(() => fs.rmSync(folder, { recursive: true }));

const context = { timezone: 'UTC', weekStart: 1, nowMs: Date.UTC(2024, 5, 1) };

const filters = fc.constantFrom<FilterInput[]>(
  [],
  [{ type: 'property', property: { scope: 'event', name: 'q' }, operator: 'is_set', values: [] }],
  [
    {
      type: 'property',
      property: { scope: 'event', name: 'p' },
      operator: 'equals',
      values: ['x'],
    },
  ],
  [
    {
      type: 'property',
      property: { scope: 'person', name: 'p' },
      operator: 'is_not_set',
      values: [],
    },
  ],
  [
    {
      type: 'property',
      property: { scope: 'event', name: '$distinct_id' },
      operator: 'does_not_equal',
      values: ['u1'],
    },
  ],
);

function questionOf(given: FilterInput[], events: readonly (string | null)[] = [null]) {
  return querySchema.parse({
    type: 'insights',
    range: { from: '2024-03-03', to: '2024-03-06' },
    filters: given,
    metrics: [
      { selector: { anyOf: events.map((event) => ({ event })) }, measure: { type: 'total' } },
    ],
  });
}

function requestOf(given: FilterInput[], change: Partial<ExportRequest> = {}): ExportRequest {
  const plan = planQuery(questionOf(given), context) as InsightsPlan;
  return { project: 1, plan, events: null, fromMs: null, limit: null, timeInMs: true, ...change };
}

interface Line {
  readonly event: string;
  readonly properties: Properties & { readonly time: number; readonly distinct_id: string };
}

/** The lines of an export, made in this thread. */
async function linesOf(
  request: ExportRequest,
  snapshots: () => ProjectSnapshot[],
  sliceRows?: number,
): Promise<Line[]> {
  const texts: string[] = [];
  const chunks = exportRows(request, snapshots, {
    signal: new AbortController().signal,
    start: (setup) => exportInThisThread(setup, sliceRows),
  });
  for await (const chunk of chunks) texts.push(Buffer.from(chunk).toString());
  return texts
    .join('')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Line);
}

/** Rows as the executors read them. */
function rowsOf(view: ShardView, names: readonly string[]): string[] {
  const columns = names.map((name) => [name, view.eventProperty(name)] as const);
  return Array.from(view.times, (time, row) => {
    const properties = columns.flatMap(([name, column]) => {
      const code = column?.codes[row] ?? 0;
      return column && code > 0 ? [[name, column.values[code]]] : [];
    });
    const user = view.userIds[view.users[row]];
    return textOf(view.eventNames[view.events[row]], time, user, properties);
  }).sort();
}

const textOf = (...row: unknown[]): string => JSON.stringify(row);

function textOfLine({ event, properties }: Line, names: readonly string[]): string {
  const own = names.flatMap((name) => (name in properties ? [[name, properties[name]]] : []));
  return textOf(event, properties.time, properties.distinct_id, own);
}

async function index(store: ShardStore, catalog: TestCatalog): Promise<void> {
  const job = await store.prepareIndex();
  if (job) catalog.commit(job);
  await store.adopt(catalog.latest);
}

test(
  `exports what a store holds, each event once, in order of time (seed ${propertySeed})`,
  async () => {
    await fc.assert(
      fc.asyncProperty(
        batchesOfTwoDays,
        fc.array(fc.constantFrom('nothing', 'index', 'compact'), { minLength: 7, maxLength: 7 }),
        filters,
        fc.constantFrom(1, 2, undefined),
        async (given, steps, asked, sliceRows) => {
          const catalog = new TestCatalog(folder);
          const { store } = await openStore(undefined, { chunkRows: 3 });
          for (const [i, batch] of given.entries()) {
            await store.append(encodeRowBatch(batch));
            if (steps[i] !== 'nothing') await index(store, catalog);
            if (steps[i] === 'compact') {
              catalog.compact(1, store);
              await store.adopt(catalog.latest);
            }
          }
          const snapshots = (): ProjectSnapshot[] => [store.snapshot(1)];
          const view = viewOf(store);
          const names = [
            ...new Set(
              store
                .snapshot(1)
                .days.flatMap(({ parts }) => parts.flatMap((part) => part.propertyNames())),
            ),
          ].sort();
          const all = await linesOf(requestOf([]), snapshots, sliceRows);
          expect(all.map((line) => textOfLine(line, names)).sort()).toEqual(rowsOf(view, names));
          const times = all.map(({ properties }) => properties.time);
          expect(times).toEqual(times.toSorted((a, b) => a - b));

          const passing = await linesOf(
            requestOf(asked, { events: ['View', 'Buy'] }),
            snapshots,
            sliceRows,
          );
          const counted = ask([view], questionOf(asked, ['View', 'Buy']), context);
          expect(counted.type === 'insights' && counted.series[0]?.total).toBe(passing.length);

          const limited = await linesOf(requestOf([], { limit: 2 }), snapshots, sliceRows);
          expect(limited).toEqual(all.slice(0, 2));
          const from = times[Math.floor(times.length / 2)] ?? 0;
          const rest = await linesOf(requestOf([], { fromMs: from }), snapshots, sliceRows);
          expect(rest).toEqual(all.filter(({ properties }) => properties.time >= from));
          await store.close();
        },
      ),
      { numRuns: Math.ceil(propertyRuns / 3), seed: propertySeed },
    );
  },
  60_000 + propertyRuns * 200,
);
