import type { ImportedRows, ImportRows, SavedImport } from '@arbor/schema/imports';
import { importRowsMax } from '@arbor/schema/imports';
import { expect, it } from 'vitest';
import { runImport, type ImportProgress, type RefusedRow } from './import-run.ts';
import type { SourceRow } from './source-rows.ts';

const context = { mapping: { type: 'events' as const }, timezone: 'UTC' };

async function* sources(count: number, text = '{}'): AsyncGenerator<SourceRow> {
  for (let n = 0; n < count; n++)
    yield await Promise.resolve({ line: n + 1, text, row: {}, isLine: true });
}

/** A server that refuses each third line. */
function server() {
  const requests: ImportRows[] = [];
  let saved = { nextRow: 0, accepted: 0, refused: 0 } as SavedImport;
  const send = (rows: ImportRows): Promise<ImportedRows> => {
    requests.push(rows);
    const bad = rows.rows.filter(({ line }) => line % 3 === 0);
    const accepted = rows.rows.length - bad.length;
    saved = {
      ...saved,
      nextRow: rows.from + rows.rows.length,
      accepted: saved.accepted + accepted,
      refused: saved.refused + bad.length,
    };
    const refused = bad.map(({ line }) => ({ line, field: 'event', reason: 'no' }));
    return Promise.resolve({ accepted, refused, import: saved });
  };
  return { requests, send };
}

async function run(
  rows: AsyncIterable<SourceRow>,
  { skip = 0, send = server().send, signal = new AbortController().signal } = {},
) {
  const progress: ImportProgress[] = [];
  const refused: RefusedRow[] = [];
  await runImport(rows, {
    context,
    skip,
    send,
    signal,
    onProgress: (each) => progress.push(each),
    onRefused: (each) => refused.push(...each),
  });
  return { progress, refused };
}

it('sends all rows in order, in requests that the server takes', async () => {
  const { requests, send } = server();
  const { progress, refused } = await run(sources(importRowsMax + 500), { send });
  expect(requests.map(({ from, rows }) => [from, rows.length])).toEqual([
    [0, importRowsMax],
    [importRowsMax, 500],
  ]);
  expect(progress.at(-1)).toMatchObject({ rows: 2500, accepted: 1667, refused: 833 });
  expect(refused).toHaveLength(833);
  expect(refused[0]).toEqual({ line: 3, field: 'event', reason: 'no', json: '{}' });
});

it('goes on behind the rows that were answered before', async () => {
  const { requests, send } = server();
  await run(sources(10), { skip: 7, send });
  expect(requests.map(({ from, rows }) => [from, rows.map(({ line }) => line)])).toEqual([
    [7, [8, 9, 10]],
  ]);
});

it('keeps requests below the bytes that the API takes, as they travel', async () => {
  const { requests, send } = server();
  await run(sources(10, JSON.stringify({ text: '"ä"'.repeat(20_000) })), { send });
  expect(requests.length).toBeGreaterThan(1);
  for (const request of requests) {
    expect(Buffer.byteLength(JSON.stringify(request))).toBeLessThan(1_000_000);
  }
});

it('replaces a row that no request has room for by one that is refused', async () => {
  const { requests, send } = server();
  await run(sources(1, 'x'.repeat(500_000)), { send });
  expect(requests[0]?.rows).toEqual([{ line: 1, json: '"a row of 500000 characters"' }]);
});

it('stops between two requests when it is aborted', async () => {
  const controller = new AbortController();
  const { requests, send } = server();
  const stopping = (rows: ImportRows): Promise<ImportedRows> => {
    controller.abort();
    return send(rows);
  };
  const running = run(sources(3 * importRowsMax), { send: stopping, signal: controller.signal });
  await expect(running).rejects.toThrow();
  expect(requests).toHaveLength(1);
});
