import { startTestStack, type TestStack } from '@arbor/local-stack/testing/test-stack';
import type { DataRequest } from '@arbor/schema/privacy';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { findInDatabases } from '../support/find-in-databases.ts';
import { findInFiles } from '../support/find-in-files.ts';
import { formsOf, packedFormsOf } from '../support/forms-of-text.ts';
import { ask, bootstrapOf, countEvents, requestAsAdmin, testProject } from '../support/project.ts';
import { until } from '../support/wait.ts';

/*
 * Erasure against identifiers and values that are written otherwise wherever they go: with quotation marks, in other scripts, over
 * lines, as numbers, very short. Nothing of them is left in any form, in no file, table, key or line of a log.
 */

const project = testProject(58, 'traces');
const day = Date.UTC(2026, 2, 5, 12);

/** Of six characters and more: also found in the middle of what people write. */
const telling = {
  quoted: `Zoë "Zq9" O'Hara\\<zq9@example.com>`,
  script: 'Jürgen Größe-Zq9 🦊',
  piped: 'auth0|zq9 50%&x=1+2',
  lines: 'zq9 of two\nlines\tand a tab',
  number: '8147093562',
};
/** Erased where identifiers stand: elsewhere it may be anything. */
const short = 'Zq9~x';
const users = [...Object.values(telling), short];
const device = 'zq9-5b0c2f5e-device';
const values = {
  text: 'zq9 "value" of an event — ünï',
  nested: 'zq9-value-in-a-list-in-an-object',
  profile: '+49 zq9 1234 "home"',
  edited: 'zq9-edited-by-an-admin',
};
/** No identifier of anybody: whoever asks for an erasure may name it all the same. */
const mail = 'zq9.mail@example.com';

let stack: TestStack;
beforeAll(async () => {
  stack = await startTestStack({
    web: false,
    demo: false,
    bootstrap: bootstrapOf([project]),
    env: {
      ARBOR_INDEX_SECONDS: '3',
      ARBOR_ERASURE_DELAY_SECONDS: '1',
      ARBOR_ERASED_FILES_SECONDS: '3',
    },
  });
});
afterAll(async () => {
  await stack.stop();
});

const url = (path: string): string => `${stack.apiUrl}/api/v1/projects/${project.id}/${path}`;

async function post(endpoint: string, records: readonly object[]): Promise<void> {
  const response = await fetch(`${stack.apiUrl}/${endpoint}?ip=0`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(records),
  });
  expect(response.status).toBe(200);
}

let sentCount = 0;
const visit = (user: string | number, properties: object = {}) => {
  const n = sentCount++;
  const common = { token: project.token, time: day + n * 1000, $insert_id: `visit-${n}` };
  return { event: 'Visit', properties: { ...common, distinct_id: user, ...properties } };
};

const scoreOf = (user: string): string => (user === short ? 'score' : `score of ${user}`);

/** What a client sends of everybody: events, updates, what is refused, and what is called like them. */
async function send(): Promise<void> {
  const said = { note: values.text, deep: { list: [values.nested] } };
  await post(
    'track',
    users.map((user) => visit(user, said)),
  );
  // As a number; from a device of somebody; and a property that is called like somebody.
  await post('track', [visit(Number(telling.number), said)]);
  const linked = { $device_id: device, $user_id: telling.script, distinct_id: undefined };
  await post('track', [
    visit('', { ...linked, [`seen by ${telling.quoted}`]: true }),
    visit('hans'),
  ]);
  await post(
    'engage',
    users.map((user) => ({
      $token: project.token,
      $distinct_id: user,
      $set: {
        $name: `${user} (${values.profile})`,
        $phone: values.profile,
        $email: mail,
        [scoreOf(user)]: 'none',
      },
    })),
  );
  // Updates that cannot be applied are told of, also by the property that they name.
  await post(
    'engage',
    Object.values(telling).map((user) => ({
      $token: project.token,
      $distinct_id: user,
      $add: { [scoreOf(user)]: 1 },
    })),
  );
  await post(
    'track',
    users.map((user) => ({
      event: '',
      properties: { token: project.token, distinct_id: user, [user]: 1 },
    })),
  );
}

const csvOf = (texts: readonly string[]): string =>
  texts.map((text) => `"${text.replaceAll('"', '""')}"\n`).join('');

async function written(path: string, body: object, method = 'POST'): Promise<unknown> {
  const response = await requestAsAdmin(url(path), { method, body });
  expect([200, 201, 202], `${path}: ${response.status}`).toContain(response.status);
  return response.json();
}

const filterOf = (value: string, name = '$distinct_id') => ({
  type: 'insights' as const,
  range: { from: '2026-03-01', to: '2026-03-10' },
  metrics: [{ selector: { anyOf: [{ event: 'Visit' }] }, measure: { type: 'total' as const } }],
  filters: [
    {
      type: 'property' as const,
      property: { scope: 'person' as const, name },
      operator: 'equals' as const,
      values: [value],
    },
  ],
});

/** What people say of everybody, and ask about them. */
async function talk(): Promise<void> {
  const made = await written('cohorts', { name: 'Frozen', definition: { type: 'frozen' } });
  const { cohort } = made as { cohort: { id: string } };
  const members = await requestAsAdmin(url(`cohorts/${cohort.id}/members`), {
    method: 'PUT',
    csv: csvOf(['distinct_id', ...users, 'hans']),
  });
  expect(members.status).toBe(200);
  await written('reports', { name: `Bought by ${mail}`, query: filterOf(mail, '$email') });
  for (const user of users) {
    // A title has one line.
    const isTitle = user !== short && !user.includes('\n');
    const name = isTitle ? `What ${user} did` : 'What somebody did';
    await written('reports', { name, query: filterOf(user) });
    const own = `users/${encodeURIComponent(user)}`;
    const edits = [{ operator: '$set', values: { nick: values.edited } }];
    await written(`${own}/profile`, { edits }, 'PATCH');
    await ask(stack.apiUrl, project, filterOf(user));
    for (const path of [own, `users/${encodeURIComponent(`${user} `)}`]) {
      await (await requestAsAdmin(url(path))).text();
    }
    for (const path of [`${own}/activity`, 'users/list', 'users/export']) {
      await (await requestAsAdmin(url(path), { body: { search: user } })).text();
    }
    const asked = new URLSearchParams({ project_id: String(project.id), distinct_id: user });
    await (await requestAsAdmin(`${stack.apiUrl}/api/query/engage?${asked}`)).text();
  }
}

/** A write that is repeated is answered as the first time. */
function accessUnderKey(): Promise<Response> {
  return fetch(url('data-requests'), {
    method: 'POST',
    headers: {
      authorization: `Basic ${Buffer.from('test-admin:a-long-test-secret').toString('base64')}`,
      'content-type': 'application/json',
      'idempotency-key': 'access-of-all',
    },
    body: JSON.stringify({ kind: 'access', distinctIds: users }),
  });
}

const plain = [...users, device, mail, ...Object.values(values)];
const texts = plain.flatMap(formsOf);
const packed = [...texts, ...plain.flatMap(packedFormsOf)];

async function findAll(): Promise<string[]> {
  const output = stack.output();
  return [
    ...findInFiles(stack.dataDir, texts),
    ...(await findInDatabases(stack.run(), packed)),
    ...texts.filter((text) => output.includes(text)).map((text) => `${text} in the output`),
  ];
}

test('nothing of anybody who is erased is left, however he is written', async () => {
  await send();
  const counted = (total: number) =>
    until(
      () => countEvents(stack.apiUrl, project, { event: 'Visit' }),
      (answer) => answer.total === total,
      { timeoutMs: 180_000 },
    );
  await counted(users.length + 3);
  await talk();
  const first = await accessUnderKey();
  expect(first.status).toBe(201);
  expect(await first.text()).toContain(JSON.stringify(short));
  expect((await accessUnderKey()).headers.get('idempotency-replayed')).toBe('true');
  // Everybody is found everywhere before, or the search would prove nothing.
  const files = ['.arseg', '.arppl', '.aruser'];
  // What could not be applied is counted when files come to be.
  const before = await until(
    findAll,
    (found) =>
      [...files, 'arbor:ingest:hour'].every((place) => found.some((each) => each.includes(place))),
    { timeoutMs: 180_000, everyMs: 1000 },
  );
  const places = before.join('\n');
  const tables = [
    'identifiers',
    'audit_entries',
    'saved_reports',
    'data_requests',
    'content_chunks',
  ];
  for (const table of tables) expect(places).toContain(`in table ${table}`);
  for (const key of ['live', 'rejected']) expect(places).toContain(`in key arbor:${key}`);
  for (const text of plain) {
    const forms = formsOf(text);
    expect(before.some((found) => forms.some((form) => found.startsWith(`${form} in `)))).toBe(
      true,
    );
  }

  const { request } = (await written('data-requests', {
    kind: 'erasure',
    distinctIds: [...users, mail],
  })) as {
    request: DataRequest;
  };
  const { receipt } = await until(
    async () => {
      const response = await requestAsAdmin(url(`data-requests/${request.id}`));
      return ((await response.json()) as { request: DataRequest }).request;
    },
    ({ status }) => status === 'SUCCESS',
    { timeoutMs: 300_000, everyMs: 200 },
  );
  expect(receipt).toMatchObject({ events: users.length + 2, profiles: users.length });
  await counted(1);
  expect(await findAll()).toEqual([]);
  // It is known that it was done, and nobody does it again.
  expect((await accessUnderKey()).status).toBe(422);
}, 900_000);
