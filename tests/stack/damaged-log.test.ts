import fs from 'node:fs';
import path from 'node:path';
import { startTestStack, type TestStack } from '@arbor/local-stack/testing/test-stack';
import type { IngestionHealth } from '@arbor/schema/ingestion-health';
import type { DataRequest } from '@arbor/schema/privacy';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { findInFiles } from '../support/find-in-files.ts';
import { bootstrapOf, countEvents, requestAsAdmin, testProject } from '../support/project.ts';
import { until } from '../support/wait.ts';

/*
 * Bytes of a row log change on the disk of one zone: whoever looks after the installation is told, nothing is lost for it, and
 * an erasure ends, which cannot know whom those bytes were about.
 */

const project = testProject(59, 'damaged-log');
const mark = 'dq4-gretel';

let stack: TestStack;
beforeAll(async () => {
  stack = await startTestStack({
    web: false,
    demo: false,
    bootstrap: bootstrapOf([project]),
    env: {
      // Nothing becomes a file before somebody asks for it: the log keeps what is damaged.
      ARBOR_INDEX_SECONDS: '3600',
      ARBOR_ERASURE_DELAY_SECONDS: '1',
      ARBOR_ERASED_FILES_SECONDS: '3',
    },
  });
});
afterAll(async () => {
  await stack.stop();
});

const url = (place: string): string => `${stack.apiUrl}/api/v1/projects/${project.id}/${place}`;

async function visit(user: string, n: number): Promise<void> {
  const time = Date.UTC(2026, 2, 5, 12) + n * 1000;
  const properties = { token: project.token, distinct_id: user, time, $insert_id: `visit-${n}` };
  const response = await fetch(`${stack.apiUrl}/track?ip=0`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify([{ event: 'Visit', properties }]),
  });
  expect(response.status).toBe(200);
}

const logsOfA = (): string => path.join(stack.dataDir, 'storage', 'a');
const logFiles = (): string[] =>
  findInFiles(logsOfA(), [mark]).map((found) => found.slice(`${mark} in `.length));

/** Changes a byte of what the log says of somebody. */
function damage(name: string): void {
  const file = path.join(logsOfA(), name);
  const at = fs.readFileSync(file).indexOf(mark);
  expect(at).toBeGreaterThan(0);
  const handle = fs.openSync(file, 'r+');
  fs.writeSync(handle, 'X', at);
  fs.closeSync(handle);
}

async function replicasOf(zone: string): Promise<IngestionHealth['zones'][number]['replicas']> {
  const response = await requestAsAdmin(url('ingest-health'));
  const { ingestHealth } = (await response.json()) as { ingestHealth: IngestionHealth };
  return ingestHealth.zones.find((one) => one.zone === zone)?.replicas ?? [];
}

const counts = (total: number) =>
  until(
    () => countEvents(stack.apiUrl, project, { event: 'Visit' }),
    (answer) => answer.total === total,
    { timeoutMs: 180_000 },
  );

test('a damaged row log is told of, and goes with an erasure', async () => {
  await visit(mark, 0);
  const [file = ''] = await until(
    () => Promise.resolve(logFiles()),
    ({ length }) => length === 1,
  );
  // Behind the damage there is more: it is none that a crash leaves.
  await visit('hans', 1);
  await counts(2);
  await until(
    () => Promise.resolve(findInFiles(logsOfA(), ['visit-1']).length),
    (files) => files > 0,
  );
  damage(file);
  stack.kill('storage-a', 'SIGKILL');
  await until(
    () => replicasOf('a'),
    ([replica]) => replica?.serving === true && replica.damagedLogs === 1,
    { timeoutMs: 180_000 },
  );
  expect((await replicasOf('b'))[0]).not.toHaveProperty('damagedLogs');

  const asked = await requestAsAdmin(url('data-requests'), {
    body: { kind: 'erasure', distinctIds: [mark] },
  });
  const { request } = (await asked.json()) as { request: DataRequest };
  await until(
    async () => {
      const response = await requestAsAdmin(url(`data-requests/${request.id}`));
      return ((await response.json()) as { request: DataRequest }).request;
    },
    ({ status }) => status === 'SUCCESS',
    { timeoutMs: 300_000, everyMs: 200 },
  );
  await until(
    () => replicasOf('a'),
    ([replica]) => replica !== undefined && replica.damagedLogs === undefined,
    { timeoutMs: 180_000 },
  );
  expect(findInFiles(stack.dataDir, [mark, `X${mark.slice(1)}`])).toEqual([]);
  await counts(1);
}, 900_000);
