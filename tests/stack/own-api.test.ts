import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import type { QueryInput } from '@arbor/schema/query';
import { startTestStack, type TestStack } from '@arbor/local-stack/testing/test-stack';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { bootstrapOf, countEvents, importEvents, testProject } from '../support/project.ts';
import { until } from '../support/wait.ts';

/** Our own API as scripts use it: the examples of docs/api.md word by word, streams, repeated writes and limits. */

// The examples are of project 1.
const project = testProject(1, 'own-api');
const run = promisify(execFile);
let stack: TestStack;
let folder: string;

const rows: readonly [string, string][] = [
  ['ada', 'Visit'],
  ['bob', 'Visit'],
  ['bob', 'Visit'],
  ['bob', 'Signup'],
  ['cleo', 'Signup'],
  ['ada', 'Order completed'],
];

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'arbor-own-api-'));
  stack = await startTestStack({ web: false, demo: false, bootstrap: bootstrapOf([project]) });
  await importEvents(
    stack.apiUrl,
    project,
    rows.map(([distinct_id, event], n) => ({
      event,
      properties: { distinct_id, time: Date.UTC(2026, 0, 5, n) / 1000, $insert_id: `row-${n}` },
    })),
  );
  await until(
    () => countEvents(stack.apiUrl, project),
    ({ total }) => total === rows.length,
  );
});
afterAll(async () => {
  await stack.stop();
  await rm(folder, { recursive: true, force: true });
});

/** The example of docs/api.md behind this mark, for this stack. */
async function example(language: 'curl' | 'node' | 'python'): Promise<string> {
  const docs = await readFile(new URL('../../docs/api.md', import.meta.url), 'utf8');
  const marked = new RegExp(`<!-- runs: ${language} -->\\s+\`\`\`\\w+\\n(.*?)\`\`\``, 's').exec(
    docs,
  );
  if (marked?.[1] === undefined) throw new Error(`docs/api.md has no example of ${language}`);
  return marked[1]
    .replaceAll('http://localhost:4000', stack.apiUrl)
    .replaceAll('YOUR_SECRET', project.secret);
}

function send(
  url: string,
  options: { method?: string; headers?: Record<string, string>; body?: object } = {},
): Promise<Response> {
  const { method, headers, body } = options;
  return fetch(`${stack.apiUrl}/api/v1/${url}`, {
    method: method ?? (body === undefined ? 'GET' : 'POST'),
    headers: {
      authorization: `Basic ${btoa(`${project.secret}:`)}`,
      ...(body && { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body && { body: JSON.stringify(body) }),
  });
}

interface CohortList {
  readonly cohorts: readonly { readonly id: string; readonly name: string }[];
  readonly next: string | null;
}

const cohorts = async (query = ''): Promise<CohortList> =>
  (await (await send(`projects/1/cohorts${query}`)).json()) as CohortList;

test('the example for curl makes a cohort once, however often it runs', async () => {
  const script = await example('curl');
  const [first, second] = [await run('bash', ['-c', script]), await run('bash', ['-c', script])];
  const made = JSON.parse(first.stdout) as { cohort: { id: string; name: string } };
  expect(made.cohort.name).toBe('Active');
  expect(JSON.parse(second.stdout)).toEqual(made);
  expect((await cohorts()).cohorts.map(({ id }) => id)).toEqual([made.cohort.id]);
});

test('the example for Node shows progress, then the number', async () => {
  const file = path.join(folder, 'example.mjs');
  await writeFile(file, await example('node'));
  const { stdout } = await run(process.execPath, [file]);
  const lines = stdout.trim().split('\n');
  expect(lines.at(-1)).toBe('users 3');
  expect(lines.at(0)).toMatch(/^[\d.]+ of \d+$/);
});

const hasPython = await run('python3', ['--version']).then(
  () => true,
  () => false,
);
test.runIf(hasPython)('the example for Python reads every page', async () => {
  const file = path.join(folder, 'example.py');
  await writeFile(file, await example('python'));
  const { stdout } = await run('python3', [file]);
  expect(stdout.trim().split('\n')).toEqual(['Visit 3', 'Signup 2', 'Order completed 1']);
});

const users: QueryInput = {
  type: 'insights',
  range: { from: '2026-01-01', to: '2026-01-31' },
  unit: 'day',
  metrics: [{ selector: { anyOf: [{ event: null }] }, measure: { type: 'unique' } }],
};

test('a query comes as events, and says the same as its whole answer', async () => {
  const whole = (await (await send('query', { body: users })).json()) as { result: object };
  const url = `query?query=${encodeURIComponent(JSON.stringify(users))}`;
  const streamed = await send(url, { headers: { accept: 'text/event-stream' } });
  expect(streamed.headers.get('content-type')).toBe('text/event-stream');
  const events = (await streamed.text()).split('\n\n').filter((text) => text !== '');
  const last = /^event: result\ndata: (.*)$/.exec(events.at(-1) ?? '')?.[1] ?? '{}';
  const { answer } = JSON.parse(last) as { answer: { result: object } };
  expect(answer.result).toEqual(whole.result);
});

test('records are told as they arrive, and from where a reader left off', async () => {
  const leaving = new AbortController();
  const accept = 'application/x-ndjson';
  const response = await fetch(`${stack.apiUrl}/api/v1/projects/1/live?kinds=event`, {
    headers: { authorization: `Basic ${btoa(`${project.secret}:`)}`, accept },
    signal: leaving.signal,
  });
  const entries: { id: string; entry: { event: string } }[] = [];
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  while (entries.length < rows.length) {
    const { value = '' } = (await reader?.read()) ?? {};
    const lines = (rest + value).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      const update = JSON.parse(line) as { type: string; id: string; entry: { event: string } };
      if (update.type === 'entry') entries.push(update);
    }
  }
  leaving.abort();
  expect(entries.map(({ entry }) => entry.event)).toEqual(rows.map(([, event]) => event));
});

test('lists come in pages', async () => {
  const definition = { type: 'frozen' };
  for (const name of ['B', 'C']) {
    const made = await send('projects/1/cohorts', { body: { name, definition } });
    expect(made.status).toBe(201);
  }
  const first = await cohorts('?limit=2');
  expect(first.cohorts.map(({ name }) => name)).toEqual(['Active', 'B']);
  const second = await cohorts(`?limit=2&cursor=${first.next}`);
  expect([second.cohorts.map(({ name }) => name), second.next]).toEqual([['C'], null]);
});

test('an answer says what is left, and a key stands for one request', async () => {
  const headers = { 'idempotency-key': 'k-1' };
  const body = { name: 'D', definition: { type: 'frozen' } };
  const first = await send('projects/1/cohorts', { headers, body });
  const again = await send('projects/1/cohorts', { headers, body });
  expect(again.headers.get('idempotency-replayed')).toBe('true');
  expect(await again.json()).toEqual(await first.json());
  const left = (response: Response): number => Number(response.headers.get('ratelimit-remaining'));
  expect(left(again)).toBe(left(first) - 1);
  const other = await send('projects/1/cohorts', { headers, body: { ...body, name: 'E' } });
  expect(other.status).toBe(422);
  expect((await cohorts()).cohorts.map(({ name }) => name)).not.toContain('E');
});

test('what is too large is answered 413 to a client that is still sending it, on every path that takes bodies', async () => {
  const body = `[${' '.repeat(11 * 1024 * 1024)}]`;
  const authorization = `Basic ${btoa(`${project.secret}:`)}`;
  const paths = ['/track', '/import?strict=1', '/e', '/api/query/segmentation', '/api/v1/query'];
  for (const path_ of [...paths, ...paths]) {
    const response = await fetch(`${stack.apiUrl}${path_}`, {
      method: 'POST',
      headers: { authorization, 'content-type': 'application/json' },
      body,
    });
    expect(response.status, path_).toBe(413);
    expect(await response.text(), path_).toMatch(/exceeds max limit|too large/i);
  }
});
