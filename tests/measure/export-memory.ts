/**
 * How much memory the processes take while a project is exported: starts a stack of its own, imports events in bulk, takes
 * the whole export packed with gzip and as text, and prints the rates and what each process held at most (RSS, Linux).
 *
 *   tsx tests/measure/export-memory.ts [EVENTS]
 */
import { once } from 'node:events';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { startTestStack, type TestStack } from '@arbor/local-stack/testing/test-stack';
import { cli } from '../support/command.ts';
import { bootstrapOf, countEvents, testProject } from '../support/project.ts';
import { until } from '../support/wait.ts';

const eventCount = Number(process.argv[2] ?? 1_000_000);
const watched = ['api', 'storage-a', 'storage-b'];
const project = testProject(52, 'export-memory');
const dayMs = 86_400_000;
const start = Date.UTC(2024, 0, 1);
const days = 30;

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'arbor-measure-'));
const stack = await startTestStack({ web: false, demo: false, bootstrap: bootstrapOf([project]) });
try {
  const file = path.join(folder, 'events.ndjson');
  await writeEvents(file);
  await cli(stack.dataDir, 'import', file, '--project', project.token);
  await until(
    () => countEvents(stack.apiUrl, project),
    ({ total }) => total === eventCount,
    { timeoutMs: 300_000, everyMs: 500 },
  );
  print(`before: ${describe(residentOf(stack))}`);
  for (const encoding of ['gzip', 'identity']) await measure(encoding);
} finally {
  await stack.stop();
  fs.rmSync(folder, { recursive: true });
}

async function writeEvents(file: string): Promise<void> {
  const out = fs.createWriteStream(file);
  for (let i = 0; i < eventCount; i++) {
    const properties = {
      time: Math.floor((start + (i / eventCount) * days * dayMs) / 1000),
      distinct_id: `user-${i % 50_000}`,
      $insert_id: `event-${i}`,
      $browser: ['Chrome', 'Safari', 'Firefox'][i % 3],
      $current_url: `https://shop.example/products/${i % 997}`,
      price: (i % 500) / 10,
      campaign: `campaign ${i % 40}`,
    };
    const line = `${JSON.stringify({ event: `Event ${i % 12}`, properties })}\n`;
    if (!out.write(line)) await once(out, 'drain');
  }
  await new Promise<void>((resolve) => out.end(resolve));
}

async function measure(encoding: string): Promise<void> {
  const most = residentOf(stack);
  const timer = setInterval(() => {
    for (const [name, mb] of residentOf(stack)) most.set(name, Math.max(most.get(name) ?? 0, mb));
  }, 100);
  const startedAt = Date.now();
  const url = `${stack.apiUrl}/api/2.0/export?from_date=2024-01-01&to_date=2024-01-31`;
  const authorization = `Basic ${Buffer.from(`${project.secret}:`).toString('base64')}`;
  const response = await fetch(url, { headers: { authorization, 'accept-encoding': encoding } });
  let bytes = 0;
  let lines = 0;
  for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
    bytes += chunk.length;
    for (let at = chunk.indexOf(10); at >= 0; at = chunk.indexOf(10, at + 1)) lines++;
  }
  clearInterval(timer);
  const seconds = (Date.now() - startedAt) / 1000;
  print(
    `${encoding}: ${lines} events, ${(bytes / 1e6).toFixed(0)} MB of text in ${seconds.toFixed(1)} s ` +
      `(${Math.round(lines / seconds)} events/s); at most ${describe(most)}`,
  );
}

/** MB by process. */
function residentOf({ run }: Pick<TestStack, 'run'>): Map<string, number> {
  const processes = run().processes.filter(({ name }) => watched.includes(name));
  return new Map(processes.map(({ name, pid }) => [name, residentMb(pid)]));
}

function residentMb(pid: number): number {
  const status = fs.readFileSync(`/proc/${pid}/status`, 'utf8');
  return Math.round(Number(/^VmRSS:\s*(\d+)/m.exec(status)?.[1] ?? 0) / 1024);
}

function describe(resident: ReadonlyMap<string, number>): string {
  return [...resident].map(([name, mb]) => `${name} ${mb} MB`).join(', ');
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
