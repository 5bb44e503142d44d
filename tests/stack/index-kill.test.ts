import { readdirSync } from 'node:fs';
import path from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { startTestStack, type TestStack } from '@arbor/local-stack/testing/test-stack';
import type { FilterInput } from '@arbor/schema/query';
import { bootstrapOf, countEvents, testProject } from '../support/project.ts';
import { sendUntilAccepted, type ClientEvent } from '../support/retrying-client.ts';
import { until } from '../support/wait.ts';

const project = testProject(41, 'index');
const userCount = 600;
const batchSize = 300;
const dayCount = 6;
const start = Date.UTC(2026, 0, 1);
const killCount = 8;
/** Each user's profile is added to once for so many batches. */
const batchesPerVisit = 20;

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

let stack: TestStack | undefined;
afterEach(async () => {
  await stack?.stop();
});

const bootstrap = bootstrapOf([project]);
/** Small, so that index jobs and compactions are under way all the time. */
const env = { ARBOR_INDEX_BYTES: '20000', ARBOR_INDEX_SECONDS: '2' };

/** A batch that touches every day, by users that come back in all of them. */
function eventsOf(batch: number): ClientEvent[] {
  return Array.from({ length: batchSize }, (_, i) => {
    const n = batch * batchSize + i;
    return {
      event: 'Index Test',
      properties: {
        token: project.token,
        distinct_id: `user-${n % userCount}`,
        time: start + (n % dayCount) * 86_400_000 + n * 10,
        $insert_id: `index-${n}`,
        third: n % 3,
      },
    };
  });
}

/** Adds one to a number of each user's profile; sent again it changes nothing. */
async function addVisit(apiUrl: string, round: number): Promise<void> {
  const updates = Array.from({ length: userCount }, (_, n) => ({
    $token: project.token,
    $distinct_id: `user-${n}`,
    $insert_id: `visit-${round}-${n}`,
    $add: { visits: 1 },
  }));
  const body = JSON.stringify(updates);
  const headers = { 'content-type': 'application/json' };
  await until(
    async () => (await fetch(new URL('/engage', apiUrl), { method: 'POST', headers, body })).status,
    (status) => status === 200,
    { everyMs: 200 },
  );
}

type Count = { total: number; users: number };
type Answers = Readonly<Record<'all' | 'third' | 'visited', Count>>;

/** All events, those of a property of their own, and those of users with so many visits in their profile. */
async function answers(apiUrl: string, zone: string, visits: number): Promise<Answers> {
  const filter = (scope: 'event' | 'person', name: string, value: number): FilterInput => ({
    type: 'property',
    property: { scope, name },
    operator: 'equals',
    values: [value],
  });
  const count = (filters: FilterInput[]) => countEvents(apiUrl, project, { zone, filters });
  return {
    all: await count([]),
    third: await count([filter('event', 'third', 1)]),
    visited: await count([filter('person', 'visits', visits)]),
  };
}

function objectCount(dataDir: string): number {
  const entries = readdirSync(path.join(dataDir, 'objects'), {
    recursive: true,
    withFileTypes: true,
  });
  return entries.filter((entry) => entry.isFile()).length;
}

/**
 * Kills a storage process each time a new object shows that a job is under way: the one zone, then the
 * other, and at another point of the job each time.
 */
async function killWhileIndexing(running: TestStack): Promise<void> {
  for (let kills = 0; kills < killCount;) {
    const seen = objectCount(running.dataDir);
    await until(
      async () => objectCount(running.dataDir),
      (count) => count !== seen,
      { everyMs: 3 },
    );
    await sleep((kills * 37) % 120);
    try {
      running.kill(kills % 2 === 0 ? 'storage-a' : 'storage-b', 'SIGKILL');
      kills++;
    } catch {
      // It is being restarted already.
    }
    await sleep(1000);
  }
}

/**
 * Asks a zone again and again while `isOn`: an answer never has fewer events than the one before, nor more than
 * `sent` were sent when it came, whatever files take the place of which meanwhile. Gives the number of answers.
 */
async function watchCounts(
  apiUrl: string,
  zone: string,
  { isOn, sent }: { isOn: () => boolean; sent: () => number },
): Promise<number> {
  let seen = 0;
  for (let answered = 0; ; answered++) {
    // There is none while the zone's process is started again.
    const found = await until(
      () => countEvents(apiUrl, project, { zone }).catch(() => null),
      (count) => count !== null || !isOn(),
      { timeoutMs: 60_000, everyMs: 100 },
    );
    if (found === null) return answered;
    expect(found.total, `zone ${zone} after ${seen}`).toBeGreaterThanOrEqual(seen);
    expect(found.total, `zone ${zone}`).toBeLessThanOrEqual(sent());
    seen = found.total;
    if (!isOn()) return answered + 1;
    await sleep(30);
  }
}

test('SIGKILL of storage processes while they index and compact loses none and doubles none', async () => {
  stack = await startTestStack({ bootstrap, env });
  const { apiUrl, dataDir } = stack;
  let isKilling = true;
  const killing = killWhileIndexing(stack).finally(() => {
    isKilling = false;
  });
  let batches = 0;
  let visits = 0;
  const watched = { isOn: () => isKilling, sent: () => batches * batchSize };
  const watching = Promise.all(['a', 'b'].map((zone) => watchCounts(apiUrl, zone, watched)));
  // Awaited when the killing is over; a failure until then is not unhandled.
  watching.catch(() => undefined);
  while (isKilling) {
    if (batches % batchesPerVisit === 0) await addVisit(apiUrl, visits++);
    await sendUntilAccepted(apiUrl, eventsOf(batches++));
    await sleep(50);
  }
  await killing;
  for (const answered of await watching) expect(answered).toBeGreaterThan(0);

  const total = batches * batchSize;
  const expected: Answers = {
    all: { total, users: userCount },
    third: { total: total / 3, users: userCount / 3 },
    visited: { total, users: userCount },
  };
  for (const zone of ['a', 'b']) {
    await until(
      () => answers(apiUrl, zone, visits),
      (found) => JSON.stringify(found) === JSON.stringify(expected),
      { timeoutMs: 60_000, everyMs: 250 },
    );
  }
  // Late redeliveries and later jobs must change nothing, at no moment.
  for (const end = Date.now() + 6000; Date.now() < end; await sleep(30)) {
    for (const zone of ['a', 'b']) {
      // Whatever the answer is, but there may be none from a busy machine.
      const found = await until(
        () => answers(apiUrl, zone, visits),
        () => true,
      );
      expect(found, `zone ${zone}`).toEqual(expected);
    }
  }

  // And from what lies on the disk alone: what processes remembered is gone.
  await stack.stop({ keepData: true });
  stack = await startTestStack({ bootstrap, env, dataDir });
  for (const zone of ['a', 'b']) {
    expect(await answers(stack.apiUrl, zone, visits), `zone ${zone}`).toEqual(expected);
  }
});
