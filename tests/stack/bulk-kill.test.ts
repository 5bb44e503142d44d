import { execFileSync, spawn } from 'node:child_process';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { QueryInput } from '@arbor/schema/query';
import { startTestStack, type TestStack } from '@arbor/local-stack/testing/test-stack';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ask, bootstrapOf, countEvents, testProject } from '../support/project.ts';
import { until } from '../support/wait.ts';

/** Some ten commits, so that most kills fall between two of them. */
const lineCount = 50_000;
const rowsOfCommit = 4000;
const killCount = 6;
const start = Date.UTC(2026, 0, 5) / 1000;

const projects = {
  whole: testProject(31, 'whole'),
  killed: testProject(32, 'killed'),
};

let stack: TestStack;
let folder = '';
let file = '';

/** Half of the events bring no insert id, and some lines are left to the api: identities and people. */
function lineOf(i: number): string {
  const properties: Record<string, unknown> = {
    // Three days and back again: each commit writes to all of them.
    time: start + ((i * 7919) % 259_200),
    distinct_id: `user-${(i * 31) % 5000}`,
    plan: ['free', 'pro', 'team'][i % 3],
    page: `https://shop.example.com/${i % 700}`,
  };
  if (i % 2 === 0) properties.$insert_id = `insert-${i}`;
  if (i % 500 === 7) {
    const ids = { $anon_id: `user-${i % 5000}`, $identified_id: `known-${i}` };
    return JSON.stringify({ event: '$identify', properties: { ...properties, ...ids } });
  }
  if (i % 500 === 9) {
    return JSON.stringify({ $distinct_id: `user-${i % 5000}`, $set: { group: i % 4 } });
  }
  return JSON.stringify({ event: ['View', 'Buy'][i % 2], properties });
}

beforeAll(async () => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'arbor-bulk-kill-'));
  file = path.join(folder, 'events.ndjson');
  fs.writeFileSync(file, Array.from({ length: lineCount }, (_, i) => `${lineOf(i)}\n`).join(''));
  const bootstrap = bootstrapOf(Object.values(projects));
  stack = await startTestStack({ web: false, demo: false, bootstrap });
}, 180_000);
afterAll(async () => {
  await stack.stop();
  fs.rmSync(folder, { recursive: true });
});

const root = fileURLToPath(new URL('../../', import.meta.url));
const tsx = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;

interface Import {
  readonly pid: number;
  /** What the command printed, and what it ended with. */
  readonly ended: Promise<{ output: string; code: number | null }>;
}

function startImport(token: string): Import {
  const program = path.join(root, 'packages/local-stack/src/bin/cli.ts');
  const child = spawn(
    process.execPath,
    ['--import', tsx, program, 'import', file, '--project', token],
    {
      env: {
        ...process.env,
        ARBOR_DATA_DIR: stack.dataDir,
        ARBOR_BULK_ROWS: String(rowsOfCommit),
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  let output = '';
  const keep = (text: Buffer): void => {
    output += text.toString();
  };
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  const ended = new Promise<{ output: string; code: number | null }>((resolve) =>
    child.once('close', (code) => resolve({ output, code })),
  );
  return { pid: child.pid ?? -1, ended };
}

/** The process that the command started to write segments; −1 = it does not run. */
function writerOf({ pid }: Import): number {
  const processes = execFileSync('ps', ['-eo', 'pid=,ppid=,args='], { encoding: 'utf8' });
  for (const line of processes.split('\n')) {
    const [own, parent, ...args] = line.trim().split(/\s+/);
    if (Number(parent) === pid && args.join(' ').includes('bulk-main')) return Number(own);
  }
  return -1;
}

const startWriter = (running: Import): Promise<number> =>
  until(
    () => Promise.resolve(writerOf(running)),
    (pid) => pid > 0,
    { everyMs: 20 },
  );

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

const question: QueryInput = {
  type: 'insights',
  range: { from: '2026-01-01', to: '2026-01-31' },
  unit: 'hour',
  metrics: [
    { selector: { anyOf: [{ event: 'View' }] }, measure: { type: 'total' } },
    { selector: { anyOf: [{ event: null }] }, measure: { type: 'unique' } },
  ],
  breakdowns: [{ property: { scope: 'event', name: 'plan' } }],
};

async function expectSameAnswers(): Promise<void> {
  for (const zone of ['a', 'b']) {
    const countOf = (name: keyof typeof projects) =>
      countEvents(stack.apiUrl, projects[name], { zone });
    const { total } = await until(
      () => countOf('whole'),
      // People and identities are no events.
      (counted) => counted.total === lineCount - 2 * (lineCount / 500),
    );
    const counted = await until(
      () => countOf('killed'),
      (killed) => killed.total === total,
    );
    const [whole, killed] = await Promise.all(
      Object.values(projects).map((project) => ask(stack.apiUrl, project, question, { zone })),
    );
    expect(killed?.result).toEqual(whole?.result);
    expect(counted).toEqual(await countOf('whole'));
  }
}

test('an import that is killed again and again, and then run to its end, has each event once', async () => {
  const whole = startImport(projects.whole.token);
  const writer = await startWriter(whole);
  const startedAt = Date.now();
  expect((await whole.ended).code).toBe(0);
  const runMs = Date.now() - startedAt;
  expect(writer).toBeGreaterThan(0);

  for (let kill = 0; kill < killCount; kill++) {
    const running = startImport(projects.killed.token);
    const pid = await startWriter(running);
    // Somewhere in the run, the next one later in it, so that commits come to be before the last kill.
    const delayMs = (runMs * (kill + Math.random())) / killCount;
    await sleep(delayMs);
    const zone = kill % 2 === 0 ? 'storage-a' : 'storage-b';
    if (kill % 3 === 2) stack.kill(zone, 'SIGKILL');
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It was done before.
    }
    const { output, code } = await running.ended;
    const what = `kill ${kill} after ${Math.round(delayMs)} of ${runMs} ms: ${output}`;
    expect(code === 0 || output.includes('run it again, nothing is counted twice'), what).toBe(
      true,
    );
  }
  const last = await startImport(projects.killed.token).ended;
  expect(last.code, last.output).toBe(0);
  await expectSameAnswers();

  // Once more: each event is there already, whether it brought an insert id or not.
  const again = await startImport(projects.killed.token).ended;
  expect(again.code, again.output).toBe(0);
  await sleep(3000);
  await expectSameAnswers();
}, 600_000);
