import fs from 'node:fs';
import path from 'node:path';
import { expect, test, type Page } from '@playwright/test';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { queryAnswerSchema } from '@arbor/schema/result';
import { cli } from '../support/command.ts';
import { signInAsOwner } from './account.ts';
import { apiUrl, dataDir } from './stack.ts';

/* A file of tables brought in by a page and by the command line: the same events (issue 6, 4). */

type Project = { readonly id: number; readonly token: string; readonly secret: string };

/** Of the owner's organisation, and nobody else's: nothing else comes in there. */
async function newProject(page: Page, name: string): Promise<Project> {
  const response = await page.request.post('/api/v1/projects', {
    data: { name: `${name} ${Date.now()}`, timezone: 'Asia/Tokyo' },
  });
  return ((await response.json()) as { readonly project: Project }).project;
}

/** What is stored of 2026, without what tells when and by which way it came. */
async function storedIn({ secret }: Project): Promise<string[]> {
  const url = new URL('/api/2.0/export?from_date=2026-01-01&to_date=2026-12-31', apiUrl);
  const response = await fetch(url, { headers: { authorization: basic(secret) } });
  expect(response.status).toBe(200);
  const lines = (await response.text()).split('\n').filter((line) => line !== '');
  return lines
    .map((line) => {
      const { event, properties } = JSON.parse(line) as Line;
      const kept = Object.entries(properties).filter(([name]) => !ofTheWay.test(name));
      return JSON.stringify({
        event,
        properties: Object.fromEntries(kept.sort(([one], [other]) => (one < other ? -1 : 1))),
      });
    })
    .sort();
}
type Line = { readonly event: string; readonly properties: Readonly<Record<string, unknown>> };
const ofTheWay = /^(\$mp_api_|mp_processing_time_ms$|\$mp_event_size$)/;

async function bringIn(page: Page, project: Project, file: string): Promise<void> {
  await page.goto(`/p/${project.id}/data/import`);
  await page.getByTestId('import-file').setInputFiles(file);
  await page.getByTestId('import-start').click();
  await expect(page.getByTestId('import-state')).toHaveAttribute('data-state', 'done');
}

const day = Date.UTC(2026, 2, 4, 23, 30);
const seconds = Array.from({ length: 60 }, (_, i) => i);

/** Dates, long numbers, decimals, JSON, and names that mean something to JavaScript. */
function parquetFile(): Uint8Array {
  const properties = seconds.map((i) =>
    JSON.stringify({
      plan: i % 2 === 0 ? 'free' : 'pro',
      tags: ['a', i],
      nested: { at: i },
    }).replace('{', '{"__proto__":{"polluted":true},"constructor":"c",'),
  );
  return new Uint8Array(
    parquetWriteBuffer({
      rowGroupSize: 25,
      columnData: [
        { name: 'event', data: seconds.map((i) => `E${i % 3}`), type: 'STRING' },
        { name: 'time', data: seconds.map((i) => new Date(day + i * 1000 + 7)), type: 'TIMESTAMP' },
        { name: 'distinct_id', data: seconds.map((i) => BigInt(1 + (i % 7))), type: 'INT64' },
        { name: 'properties', data: properties, type: 'STRING' },
        { name: 'price', data: seconds.map((i) => i / 4), type: 'DOUBLE' },
        {
          name: 'born',
          data: seconds.map((i) => (i % 5 === 0 ? null : new Date(day))),
          type: 'TIMESTAMP',
        },
        { name: 'big', data: seconds.map(() => 2n ** 60n), type: 'INT64' },
        { name: 'empty', data: seconds.map(() => ''), type: 'STRING' },
      ],
    }),
  );
}

const csvFile = [
  'event,time,distinct_id,$insert_id,price,properties,note',
  ...seconds.map(
    (i) =>
      `E${i % 3},2026-03-05 10:00:${String(i).padStart(2, '0')},0${i % 7},${i % 2 === 0 ? `${100 + i}` : ''},${i}.50,"{""x"":${i}}","two\nlines"`,
  ),
].join('\n');

for (const { name, content } of [
  { name: 'events.parquet', content: parquetFile },
  { name: 'events.csv', content: () => csvFile },
]) {
  test(`Data: ${name} by the page is what it is by the command line`, async ({ page }, info) => {
    test.setTimeout(300_000);
    const file = info.outputPath(name);
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, content());
    await signInAsOwner(page);
    const byPage = await newProject(page, 'page');
    const byCommand = await newProject(page, 'command');
    await bringIn(page, byPage, file);
    await expect(page.getByTestId('import-accepted')).toHaveText('60');
    await expect(page.getByTestId('import-refused')).toHaveText('0');
    await cli(dataDir, 'import', file, '--project', byCommand.token);
    // Replicas take it in a moment later.
    const stored = async (project: Project) => (await storedIn(project)).length;
    await expect.poll(() => stored(byPage)).toBe(60);
    await expect.poll(() => stored(byCommand)).toBe(60);
    expect(await storedIn(byPage)).toEqual(await storedIn(byCommand));

    // The ids are the same too: what comes the other way adds nothing to what is counted.
    await cli(dataDir, 'import', file, '--project', byPage.token);
    await cli(dataDir, 'import', file, '--project', byPage.token, '--event', 'Marker');
    for (const zone of ['a', 'b']) {
      await expect.poll(() => countIn(byPage, { event: 'Marker', zone })).toBe(60);
      expect(await countIn(byPage, { event: null, zone })).toBe(120);
    }
  });
}

/** How many events a zone has, copies left out; null = of any name. */
async function countIn(
  { id, secret }: Project,
  { event, zone }: { readonly event: string | null; readonly zone: string },
): Promise<number> {
  const url = new URL(`/api/v1/query?project_id=${id}&zone=${zone}`, apiUrl);
  const response = await fetch(url, {
    method: 'POST',
    headers: { authorization: basic(secret), 'content-type': 'application/json' },
    body: JSON.stringify({
      type: 'insights',
      range: { from: '2026-01-01', to: '2026-12-31' },
      unit: 'total',
      metrics: [{ selector: { anyOf: [{ event }] }, measure: { type: 'total' } }],
    }),
  });
  const { result } = queryAnswerSchema.parse(await response.json());
  if (result.type !== 'insights') throw new Error(`the answer is of the type ${result.type}`);
  return result.series[0]?.total ?? 0;
}

const basic = (secret: string): string => `Basic ${Buffer.from(`${secret}:`).toString('base64')}`;
