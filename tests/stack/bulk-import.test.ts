import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import zlib from 'node:zlib';
import type { QueryInput } from '@arbor/schema/query';
import { startTestStack, type TestStack } from '@arbor/local-stack/testing/test-stack';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { cli } from '../support/command.ts';
import { ask, bootstrapOf, countEvents, testProject } from '../support/project.ts';
import { until } from '../support/wait.ts';

/** Long enough for the bulk path, short enough for the api to take it as well. */
const lineCount = 25_000;
const start = Date.UTC(2026, 0, 5, 22) / 1000;

const projects = {
  bulk: testProject(21, 'bulk'),
  http: testProject(22, 'http'),
};

let stack: TestStack;
let folder = '';
let file = '';

/** Mostly plain events, in rotation some that must be looked at closely, and some to be refused. */
function lineOf(i: number): string {
  const properties: Record<string, unknown> = {
    time: start + Math.floor(i / 3),
    distinct_id: `user-${(i * 7919) % 1000}`,
    $insert_id: `insert-${i}`,
    plan: ['free', 'pro', 'größer', '"quoted"'][i % 4],
    price: (i % 500) / 4,
    page: `https://shop.example.com/${'section/'.repeat(12)}${i % 300}`,
    mixed: [1, '1', true, null, [1, 'a'], { b: 1 }][i % 6],
  };
  switch (i % 100) {
    case 3:
      delete properties.$insert_id;
      break;
    case 13:
      return JSON.stringify({ event: 'Late', properties: { ...properties, time: 5 } });
    case 23:
      return JSON.stringify({
        event: 'Long',
        properties: { ...properties, text: 'x'.repeat(300) },
      });
    case 33:
      return JSON.stringify({
        event: '$identify',
        properties: {
          ...properties,
          $anon_id: `user-${i % 1000}`,
          $identified_id: `known-${i % 50}`,
        },
      });
    case 43:
      return '{"event": "Broken", "properties": {';
    case 53:
      return JSON.stringify({
        $distinct_id: `user-${i % 1000}`,
        $set: { group: i % 5 },
      });
    case 63:
      return lineOf(i - 1);
    default:
  }
  return JSON.stringify({ event: ['View', 'Buy', 'Search'][i % 3], properties });
}

beforeAll(async () => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'arbor-bulk-'));
  file = path.join(folder, 'events.ndjson');
  fs.writeFileSync(file, Array.from({ length: lineCount }, (_, i) => `${lineOf(i)}\n`).join(''));
  const bootstrap = bootstrapOf(Object.values(projects));
  stack = await startTestStack({ web: false, demo: false, bootstrap });
}, 180_000);
afterAll(async () => {
  await stack.stop();
  fs.rmSync(folder, { recursive: true });
});

/** What the command printed, whatever it ended with, without what differs between runs. */
async function importFile(name: string, token: string, ...options: string[]): Promise<string> {
  const output = await cli(stack.dataDir, 'import', name, '--project', token, ...options).catch(
    (error: unknown) => (error as { stdout: string }).stdout,
  );
  const report = output.slice(output.indexOf('imported'));
  return report.replace(/ in [\d.]+ s \(\d+ a second\)/, '');
}

const event = { scope: 'event' as const };
const range = { from: '2026-01-01', to: '2026-01-31' };
const questions: QueryInput[] = [
  ...['plan', 'mixed', 'text', 'page', '$import', '$distinct_id'].map((name): QueryInput => ({
    type: 'insights',
    range,
    unit: 'day',
    metrics: [
      { selector: { anyOf: [{ event: null }] }, measure: { type: 'total' } },
      { selector: { anyOf: [{ event: 'Buy' }] }, measure: { type: 'unique' } },
    ],
    breakdowns: [{ property: { ...event, name } }],
  })),
  {
    type: 'insights',
    range,
    unit: 'day',
    metrics: [
      {
        selector: { anyOf: [{ event: 'View' }] },
        measure: { type: 'sum', property: { ...event, name: 'price' } },
      },
    ],
  },
];

test('a file written into the store gives the same report and the same answers as one sent to the api', async () => {
  const zipped = `${file}.gz`;
  fs.writeFileSync(zipped, zlib.gzipSync(fs.readFileSync(file)));
  // The bulk path is chosen by the size of the file as it lies there.
  expect(fs.statSync(file).size).toBeGreaterThan(4_000_000);
  const viaStore = await importFile(file, projects.bulk.token);
  const viaApi = await importFile(zipped, projects.http.token, '--http');
  expect(viaStore).toBe(viaApi);
  expect(viaStore).toContain('records were refused');

  const { total } = await steadyCount('http', 'a');
  expect(total).toBeGreaterThan(20_000);
  for (const zone of ['a', 'b']) {
    for (const name of ['bulk', 'http'] as const) {
      await until(
        () => countOf(name, zone),
        (counted) => counted.total === total,
      );
    }
    for (const question of questions) {
      const [stored, sent] = await Promise.all(
        [projects.bulk, projects.http].map((project) =>
          ask(stack.apiUrl, project, question, { zone }),
        ),
      );
      expect(stored?.result).toEqual(sent?.result);
    }
  }

  // Again, into the store and over the api: nothing is counted twice.
  await importFile(file, projects.bulk.token);
  await importFile(zipped, projects.bulk.token, '--http');
  await importFile(file, projects.http.token);
  for (const name of ['bulk', 'http'] as const) {
    for (const zone of ['a', 'b']) {
      const again = await steadyCount(name, zone);
      expect(again).toEqual(await countOf('http', zone));
      expect(again.total).toBe(total);
    }
  }
}, 300_000);

const countOf = (name: keyof typeof projects, zone: string) =>
  countEvents(stack.apiUrl, projects[name], { zone });

/** The count once it has not changed for a while: replicas follow the catalog every second. */
async function steadyCount(name: keyof typeof projects, zone: string) {
  let last = await countOf(name, zone);
  let since = Date.now();
  return until(
    () => countOf(name, zone),
    (counted) => {
      if (counted.total !== last.total) since = Date.now();
      last = counted;
      return Date.now() - since > 3000;
    },
    { timeoutMs: 60_000, everyMs: 200 },
  );
}
