import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import zlib from 'node:zlib';
import { startTestStack, type TestStack } from '@arbor/local-stack/testing/test-stack';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { cli } from '../support/command.ts';
import { ask, bootstrapOf, countEvents, testProject } from '../support/project.ts';
import { until } from '../support/wait.ts';
import type { InsightsResult } from '@arbor/schema/result';

/* Files of tables go in and raw events come out, by the command line of an operator. */

const project = testProject(74, 'files');
const copy = testProject(75, 'files-copy');
const day = Date.UTC(2024, 2, 4);

let stack: TestStack;
let folder = '';

beforeAll(async () => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'arbor-files-'));
  stack = await startTestStack({
    web: false,
    demo: false,
    bootstrap: bootstrapOf([project, copy]),
  });
});
afterAll(async () => {
  await stack.stop();
  fs.rmSync(folder, { recursive: true });
});

const total = async (of: typeof project): Promise<number> =>
  (await countEvents(stack.apiUrl, of)).total;

async function sumOfPrices(of: typeof project): Promise<number | null | undefined> {
  const { result } = await ask(stack.apiUrl, of, {
    type: 'insights',
    range: { from: '2024-03-01', to: '2024-03-31' },
    unit: 'total',
    metrics: [
      {
        selector: { anyOf: [{ event: 'Buy' }] },
        measure: { type: 'sum', property: { scope: 'event', name: 'price' } },
      },
    ],
  });
  return (result as InsightsResult).series[0]?.total;
}

test('CSV and Parquet go in, days of raw events come out, and these go in elsewhere: the same numbers', async () => {
  const csv = path.join(folder, 'buys.csv');
  const rows = Array.from(
    { length: 30 },
    (_, i) => `u${i % 7},2024-03-0${4 + (i % 2)} 10:00:0${i % 10},${i}`,
  );
  fs.writeFileSync(csv, ['who,at,price', ...rows, ',not a time,1'].join('\n'));
  const refused = path.join(folder, 'refused.ndjson');
  const columns = ['--event', 'Buy', '--id-column', 'who', '--time-column', 'at'];
  const toProject = ['--project', project.token];
  // A row was refused: the command says so by its end.
  await expect(
    cli(stack.dataDir, 'import', csv, ...toProject, ...columns, '--refused', refused),
  ).rejects.toMatchObject({ code: 1 });
  expect(JSON.parse(fs.readFileSync(refused, 'utf8'))).toMatchObject({ file: csv, line: 32 });

  const parquet = path.join(folder, 'signups.parquet');
  const users = ['u0', 'u1', 'u2'];
  const columnData = [
    { name: 'event', data: users.map(() => 'Signup'), type: 'STRING' as const },
    {
      name: 'time',
      data: users.map((_, i) => new Date(day + i * 60_000)),
      type: 'TIMESTAMP' as const,
    },
    { name: 'distinct_id', data: users, type: 'STRING' as const },
    { name: 'age', data: [30n, 31n, null], type: 'INT64' as const },
  ];
  fs.writeFileSync(parquet, new Uint8Array(parquetWriteBuffer({ columnData })));
  expect(await cli(stack.dataDir, 'import', parquet, ...toProject)).toContain('imported 3 events');
  await until(
    () => total(project),
    (count) => count === 33,
  );
  expect(await sumOfPrices(project)).toBe((29 * 30) / 2);

  const out = path.join(folder, 'out');
  const range = ['--from', '2024-03-03', '--to', '2024-03-05', '--out', out];
  const said = await cli(stack.dataDir, 'export', ...range, '--secret', project.secret);
  expect(said).toContain('exported 33 events of 3 days');
  const again = await cli(stack.dataDir, 'export', ...range, '--secret', project.secret);
  expect(again).toContain('exported 0 events of 3 days, 3 of them were there');
  const files = fs
    .readdirSync(out)
    .sort()
    .map((name) => path.join(out, name));
  expect(files.map((file) => path.basename(file))).toEqual(
    ['03', '04', '05'].map((date) => `2024-03-${date}.ndjson.gz`),
  );
  const [signup] = zlib
    .gunzipSync(fs.readFileSync(files[1] ?? ''))
    .toString()
    .split('\n');
  expect(JSON.parse(signup ?? '')).toMatchObject({
    event: 'Signup',
    properties: { distinct_id: 'u0', time: day / 1000, age: 30 },
  });

  // Twice: what was exported has its ids.
  for (let run = 0; run < 2; run++) {
    await cli(stack.dataDir, 'import', ...files, '--project', copy.token);
  }
  await until(
    () => total(copy),
    (count) => count >= 33,
  );
  expect(await total(copy)).toBe(33);
  expect(await sumOfPrices(copy)).toBe((29 * 30) / 2);
});

test('an account of the command line opens the projects it is made for, with its role, until its day is over', async () => {
  const create = (...options: string[]): Promise<string> =>
    cli(stack.dataDir, 'service-account', 'create', '--org', 'Tests', '--json', ...options);
  const only = `--projects ${project.id} --role consumer --expires 2099-12-31`.split(' ');
  const made = JSON.parse(await create('--username', 'reader', ...only)) as { secret: string };
  expect(made).toMatchObject({
    username: 'reader',
    role: 'consumer',
    projects: [project.id],
    expiresAt: '2100-01-01T11:59:59.999Z',
  });
  const authorization = `Basic ${Buffer.from(`reader:${made.secret}`).toString('base64')}`;
  const response = await fetch(`${stack.apiUrl}/api/v1/projects`, { headers: { authorization } });
  expect(await response.json()).toMatchObject({
    projects: [{ id: project.id, role: 'consumer' }],
    next: null,
  });
  const foreign = create('--username', 'other', '--projects', '999');
  await expect(foreign).rejects.toThrow('--projects: "Tests" has no project 999');
  await expect(create('--username', 'a:b')).rejects.toThrow('without a colon');
});
