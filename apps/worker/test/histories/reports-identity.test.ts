import type { ShardStore } from '@arbor/engine/store';
import { openStore } from '@arbor/engine/test/batches';
import { ask, type ResultOf } from '@arbor/engine/test/model/ask';
import { viewOf } from '@arbor/engine/test/model/snapshot-view';
import type { IdentityMode } from '@arbor/schema/identity';
import type { IngestRecord, IngestSource, PersonOperation } from '@arbor/schema/ingest';
import type { Properties } from '@arbor/schema/property-value';
import { expect, test } from 'vitest';
import { historyEtl, memoryPin } from './history-etl.ts';

/*
 * The worked examples of reports.md 10, 13.6 and 20, and what 13.3 says of two profiles, from the records of a client
 * to the numbers of a report.
 */

const range = { from: '2024-03-04', to: '2024-03-12' };

/** "03-04 09:00" of 2024 in UTC. */
const at = (text: string): number => Date.parse(`2024-${text.replace(' ', 'T')}Z`);

let eventCount = 0;
/** Each event at a minute of its own. */
function event(name: string, distinctId: string, properties: Properties = {}): IngestRecord {
  const n = eventCount++;
  const time = at('03-04 00:00') + n * 60_000;
  return { kind: 'event', event: name, time, distinctId, insertId: `i${n}`, properties };
}
const identify = (anonymous: string, user: string): IngestRecord =>
  event('$identify', user, { $anon_distinct_id: anonymous });
/** Of a device alone, and of one that knows who is signed in. */
const onDevice = (name: string, device: string, user?: string): IngestRecord =>
  event(name, user ?? `$device:${device}`, {
    $device_id: device,
    ...(user !== undefined && { $user_id: user }),
  });
const update = (
  distinctId: string,
  ...operations: [PersonOperation, ...PersonOperation[]]
): IngestRecord => ({ kind: 'person', distinctId, time: at('03-04 00:00'), operations });
const set = (distinctId: string, values: Properties): IngestRecord =>
  update(distinctId, { operator: '$set', values });

/** A project as the ETL and one replica have it. */
class Project {
  readonly #store: Promise<ShardStore>;
  readonly #deliver: ReturnType<typeof historyEtl>;
  #sent = 0;

  constructor(mode: IdentityMode) {
    this.#store = openStore().then(({ store }) => store);
    this.#deliver = historyEtl(mode, async ({ bytes }) => {
      await (await this.#store).append(bytes);
    });
  }

  /** One batch; an `/import` unless it says otherwise. */
  async send(records: IngestRecord[], source: IngestSource = 'import'): Promise<void> {
    const sequence = ++this.#sent;
    await this.#deliver(
      {
        version: 1,
        batchId: `example-${sequence}`,
        project: 1,
        source,
        receivedAt: at('03-04 00:00') + sequence,
        sequence,
        records,
      },
      memoryPin(),
      false,
    );
  }

  async unique(name: string | null): Promise<number | null> {
    const metrics = [
      { selector: { anyOf: [{ event: name }] }, measure: { type: 'unique' as const } },
    ];
    const { series } = await this.#insights({ type: 'insights', range, metrics });
    return series[0]?.total ?? null;
  }

  async by(property: string, name: string, type: 'total' | 'unique' = 'total') {
    const { series } = await this.#insights({
      type: 'insights',
      range,
      metrics: [{ selector: { anyOf: [{ event: name }] }, measure: { type } }],
      breakdowns: [{ property: { scope: 'person', name: property } }],
    });
    return Object.fromEntries(series.map(({ segment, total }) => [segment?.text ?? 'all', total]));
  }

  async funnel(...steps: string[]): Promise<number[]> {
    const result = ask([viewOf(await this.#store)], {
      type: 'funnel',
      range,
      steps: steps.map((step) => ({ anyOf: [{ event: step }] })),
    });
    return result.steps.map(({ count }) => count);
  }

  /** User profiles and all users (10). */
  async people(): Promise<[profiles: number, users: number]> {
    const { persons, users } = await (await this.#store).names(1);
    return [persons, users];
  }

  async #insights(
    query: Extract<Parameters<typeof ask>[1], { type: 'insights' }>,
  ): Promise<ResultOf<{ type: 'insights' } & typeof query>> {
    return ask([viewOf(await this.#store)], query);
  }
}

test('13.6.1: simplified, two devices become one user as their links come', async () => {
  const project = new Project('simplified');
  await project.send([onDevice('View', 'D9')]);
  expect(await project.unique(null)).toBe(1);
  await project.send([onDevice('Signup', 'D9', 'U5')]);
  expect(await project.unique(null)).toBe(1);
  await project.send([onDevice('View', 'D8')]);
  expect(await project.unique(null)).toBe(2);
  await project.send([onDevice('Login', 'D8', 'U5')]);
  expect(await project.unique(null)).toBe(1);
  expect(await project.unique('View')).toBe(1);
  expect(await project.funnel('View', 'Signup')).toEqual([1, 1]);
});

test('13.6.2: simplified, a device stays with its first user when another one uses it', async () => {
  const project = new Project('simplified');
  await project.send([onDevice('View', 'D9')]);
  await project.send([onDevice('Signup', 'D9', 'U5')]);
  await project.send([onDevice('Buy', 'D9', 'U6')]);
  expect(await project.unique(null)).toBe(2);
  expect(await project.funnel('View', 'Signup')).toEqual([1, 1]);
  expect(await project.funnel('View', 'Buy')).toEqual([1, 0]);
});

test('13.6.3: original, $merge makes one user of two, also on days that are over', async () => {
  const uuid = '01234567-89ab-4cde-8f01-23456789abcd';
  const project = new Project('original');
  await project.send([event('Play', uuid)]);
  await project.send([identify(uuid, 'A')]);
  await project.send([identify(uuid, 'B'), event('Play', 'B')]);
  expect(await project.unique('Play')).toBe(2);
  const merge = (): IngestRecord => event('$merge', 'A', { $distinct_ids: ['A', 'B'] });
  await project.send([merge()], 'track');
  expect(await project.unique('Play')).toBe(2);
  await project.send([merge()]);
  expect(await project.unique('Play')).toBe(1);
});

test('13.6.4: legacy, an alias holds for later events alone', async () => {
  const project = new Project('legacy');
  await project.send([event('Play', 'N')]);
  await project.send([event('$create_alias', 'O', { alias: 'N' })]);
  await project.send([event('Play', 'N')]);
  expect(await project.unique('Play')).toBe(2);
  await project.send([event('Play', 'O')]);
  expect(await project.unique('Play')).toBe(2);
});

test.each(['before', 'after'])(
  '13.3: a report by property of people has what an anonymous user did, sent %s the link',
  async (when) => {
    const project = new Project('simplified');
    const profile = set('ann', { plan: 'pro' });
    await project.send([onDevice('View', 'D1')]);
    if (when === 'before') await project.send([profile]);
    expect(await project.by('plan', 'View')).toEqual({ all: 1, '(not set)': 1 });
    await project.send([onDevice('Login', 'D1', 'ann')]);
    if (when === 'after') await project.send([profile]);
    expect(await project.by('plan', 'View')).toEqual({ all: 1, pro: 1 });
  },
);

test('13.3.5: when two profiles meet the canonical one wins, and what it lacks is filled in', async () => {
  const project = new Project('original');
  await project.send([event('Play', 'A'), set('A', { plan: 'pro' })]);
  await project.send([event('Play', 'B'), set('B', { plan: 'free', city: 'Rome' })]);
  await project.send([event('$merge', 'A', { $distinct_ids: ['B', 'A'] })]);
  expect(await project.by('plan', 'Play')).toEqual({ all: 2, pro: 2 });
  expect(await project.by('city', 'Play', 'unique')).toEqual({ all: 1, Rome: 1 });
});

/** reports.md 1, as far as these examples look at it. */
async function d1(): Promise<Project> {
  const project = new Project('simplified');
  const plays = ['u1', 'u1', 'u1', 'u2', 'u2', 'u3', 'u4'].map((user) => event('Play', user));
  await project.send([...['u1', 'u2', 'u3'].map((user) => event('Signup', user)), ...plays]);
  const plans = { u1: 'pro', u2: 'pro', u3: 'free' };
  await project.send(Object.entries(plans).map(([user, plan]) => set(user, { plan })));
  return project;
}

test('10, 20: deleting a profile takes its properties; the user and his events stay', async () => {
  const project = await d1();
  expect(await project.people()).toEqual([3, 4]);
  expect(await project.by('plan', 'Play')).toEqual({ all: 7, pro: 5, free: 1, '(not set)': 1 });
  await project.send([update('u1', { operator: '$delete' })]);
  expect(await project.people()).toEqual([2, 4]);
  expect(await project.by('plan', 'Play')).toEqual({ all: 7, pro: 2, free: 1, '(not set)': 4 });
});

test('10: a user without events is one of the profiles and of all users', async () => {
  const project = await d1();
  await project.send([set('u5', { plan: 'pro' })]);
  expect(await project.people()).toEqual([4, 5]);
  expect(await project.by('plan', 'Play', 'unique')).toEqual({
    all: 4,
    pro: 2,
    free: 1,
    '(not set)': 1,
  });
});
