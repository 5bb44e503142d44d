import { startTestStack, type TestStack } from '@arbor/local-stack/testing/test-stack';
import type { InsightsResult } from '@arbor/schema/result';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ask, bootstrapOf, testProject } from '../support/project.ts';
import { inParallel, sendUntilAccepted } from '../support/retrying-client.ts';
import { until } from '../support/wait.ts';

/*
 * Updates of profiles are applied exactly once (ingestion-api.md 4.3: "$add … must be atomic"), although requests are
 * repeated, processes die, and the user turns out to be another's second device half-way.
 */

const project = testProject(63, 'identity-people');
const updateCount = 600;
const range = { from: '2026-03-01', to: '2026-03-31' };
const victims = ['etl', 'storage-a', 'redis', 'storage-b', 'etl'];

let stack: TestStack;
beforeAll(async () => {
  stack = await startTestStack({ web: false, demo: false, bootstrap: bootstrapOf([project]) });
});
afterAll(async () => {
  await stack.stop();
});

const event = (name: string, properties: object) => ({
  event: name,
  properties: {
    token: project.token,
    time: Date.UTC(2026, 2, 5),
    $insert_id: name,
    ...properties,
  },
});

/** Until it is answered; whether an earlier request arrived that had no answer, nobody knows. */
async function updateUntilAccepted(update: object): Promise<void> {
  await until(
    async () => {
      const response = await fetch(new URL('/engage?verbose=1', stack.apiUrl), {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify([{ $token: project.token, ...update }]),
        signal: AbortSignal.timeout(20_000),
      });
      return response.ok ? await response.text() : null;
    },
    (text) => text === '{"status":1,"error":null}',
  );
}

/** What the profile of the one user says in a zone. */
async function profileIn(zone: string): Promise<Record<'byName' | 'byDevice', number | null>> {
  const largest = (name: string) => ({
    selector: { anyOf: [{ event: 'Visit' }] },
    measure: { type: 'max' as const, property: { scope: 'person' as const, name } },
  });
  const answer = await ask(
    stack.apiUrl,
    project,
    { type: 'insights', range, unit: 'total', metrics: [largest('byName'), largest('byDevice')] },
    { zone },
  );
  const [byName, byDevice] = (answer.result as InsightsResult).series;
  return { byName: byName?.total ?? null, byDevice: byDevice?.total ?? null };
}

test('counters of a profile are exact whatever is killed, repeated and merged meanwhile', async () => {
  await sendUntilAccepted(stack.apiUrl, [
    event('Visit', { distinct_id: '$device:d-1', $device_id: 'd-1' }),
  ]);
  const link = event('Log in', { distinct_id: 'ann', $device_id: 'd-1', $user_id: 'ann' });
  const killAt = new Map(
    victims.map((name, i) => [Math.floor(((i + 1) * updateCount) / (victims.length + 1)), name]),
  );
  // A property each: of one that both have the canonical user's would win.
  const updates = Array.from({ length: updateCount }, (_, n) => ({
    $distinct_id: n % 2 === 0 ? 'ann' : '$device:d-1',
    $insert_id: `update-${n}`,
    $add: n % 2 === 0 ? { byName: 1 } : { byDevice: 1 },
  }));
  let linked: Promise<unknown> | undefined;
  await inParallel(
    updates,
    4,
    async (update) => {
      await updateUntilAccepted(update);
      // Every third is sent twice, as by a client that had no answer.
      if (update.$insert_id.endsWith('3')) await updateUntilAccepted(update);
    },
    (done) => {
      const victim = killAt.get(done);
      if (victim !== undefined) stack.kill(victim, 'SIGKILL');
      if (done === updateCount >> 1) linked = sendUntilAccepted(stack.apiUrl, [link]);
    },
  );
  await linked;
  const exact = { byName: updateCount / 2, byDevice: updateCount / 2 };
  for (const zone of ['a', 'b']) {
    await until(
      () => profileIn(zone),
      ({ byName, byDevice }) => byName === exact.byName && byDevice === exact.byDevice,
      { timeoutMs: 120_000, everyMs: 250 },
    );
  }
  // Late redeliveries would show up after the first time the count is right.
  await new Promise((resolve) => setTimeout(resolve, 5000));
  for (const zone of ['a', 'b']) expect(await profileIn(zone), `zone ${zone}`).toEqual(exact);
});
