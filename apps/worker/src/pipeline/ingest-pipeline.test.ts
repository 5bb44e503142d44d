import { decodeRowBatch, type RowBatch } from '@arbor/engine/batch';
import { MemoryIdentityStore } from '@arbor/engine/identity/memory-identity-store';
import { groupProject, groupUser } from '@arbor/engine/group-project';
import { shardOfUser, shardsOfProject } from '@arbor/engine/placement';
import type { StoreBatch } from '@arbor/queue/store-producer';
import type { IdentityMode } from '@arbor/schema/identity';
import type { IngestBatch, IngestPerson, IngestRecord } from '@arbor/schema/ingest';
import type { LiveEntry } from '@arbor/schema/live';
import type { Properties } from '@arbor/schema/property-value';
import { describe, expect, it } from 'vitest';
import { createEnrichBatch } from './enrich-batch.ts';
import { createIngestPipeline } from './ingest-pipeline.ts';
import { createResolveBatch, type ResolutionPin } from './resolve-batch.ts';
import { createSplitBatch } from './split-batch.ts';

const project = 5;
const shardCount = 16;
const placement = { project, spread: 4, shardCount };
const device = (n: number): string => `$device:${n}`;

const view = (distinctId: string, n = 0): IngestRecord => ({
  kind: 'event',
  event: 'View',
  time: n,
  distinctId,
  insertId: `i${n}`,
  properties: {},
});
const identify = (anonymous: string, user: string): IngestRecord => ({
  kind: 'event',
  event: '$identify',
  time: 0,
  distinctId: user,
  insertId: `identify-${anonymous}-${user}`,
  properties: { $anon_distinct_id: anonymous },
});

const eventOf = (event: string, distinctId: string, properties: Properties): IngestRecord => ({
  kind: 'event',
  event,
  time: 0,
  distinctId,
  insertId: `${event}-${distinctId}`,
  properties,
});

/** A pin as Redis keeps it: the first text stays until the job is done. */
function memoryPin(): ResolutionPin & { done: boolean; text: string | null } {
  return {
    done: false,
    text: null,
    async read() {
      return this.text;
    },
    async put(text) {
      if (this.done) return null;
      return (this.text ??= text);
    },
  };
}

/** The pipeline over memory: everything that was sent and shown is kept. */
function open(
  options: {
    projects?: readonly number[];
    mode?: IdentityMode;
    /** Identifiers that were erased; absent = the project takes their records again. */
    erased?: readonly string[];
  } = {},
) {
  const { projects = [project], mode = 'simplified', erased } = options;
  const acceptsErased = erased === undefined;
  const identities = new MemoryIdentityStore();
  const sent: StoreBatch[] = [];
  const live: LiveEntry[] = [];
  const failures: Error[] = [];
  let sequence = 0;
  const ingest = createIngestPipeline({
    enrich: createEnrichBatch({ geo: { find: () => null }, readUserAgent: () => ({}) }),
    resolve: createResolveBatch({
      identities,
      projects: {
        find: async (id) =>
          projects.includes(id) ? { spread: 4, mode, epoch: 0, acceptsErased } : null,
      },
      erased: {
        among: async (_project, named) => new Set(named.filter((id) => erased?.includes(id))),
      },
      shardCount,
    }),
    split: createSplitBatch({ shardCount }),
    async send(batches) {
      sent.push(...batches);
      const failure = failures.shift();
      if (failure !== undefined) throw failure;
    },
    publishLive: async (_project, entries) => void live.push(...entries),
  });
  const batchOf = (records: IngestRecord[]): IngestBatch => ({
    version: 1,
    batchId: `pipeline-${++sequence}`,
    project,
    source: 'track',
    receivedAt: 1000 + sequence,
    sequence,
    records,
  });
  const deliver = async (
    batch: IngestBatch,
    pin: ResolutionPin = memoryPin(),
    redelivered = false,
  ): Promise<RowBatch[]> => {
    const from = sent.length;
    await ingest({ batch: JSON.stringify(batch), pin, redelivered });
    return sent.slice(from).map(({ bytes }) => decodeRowBatch(bytes));
  };
  return { sent, live, failures, batchOf, deliver, identities };
}

describe('the ingest pipeline', () => {
  it('splits a batch by the shard of each user and keeps the order', async () => {
    const { batchOf, deliver } = open();
    const users = Array.from({ length: 50 }, (_, n) => `user-${n}`);
    const batches = await deliver(batchOf([...users, ...users].map(view)));
    expect(batches.length).toBeGreaterThan(1);
    for (const { shard, batchId, events } of batches) {
      expect(batchId).toBe(`pipeline-1-${shard}`);
      for (const { user } of events) expect(shardOfUser(user, placement)).toBe(shard);
      const positions = events.map(({ position }) => position);
      expect(positions).toEqual(positions.toSorted((a, b) => a - b));
    }
    const all = batches.flatMap(({ events }) => events.map(({ position }) => position));
    expect(all.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 100 }, (_, n) => n));
  });

  it.each(['__proto__', 'constructor'])('knows the user of an identifier named %s', async (id) => {
    const { batchOf, deliver } = open();
    await deliver(batchOf([view(device(1))]));
    const batches = await deliver(batchOf([identify(device(1), id), view(id)]));
    const users = batches.flatMap(({ events }) => events.map(({ user }) => user));
    expect(users).toEqual([device(1), device(1)]);
  });

  it('leaves out records that name somebody who was erased, and says nothing of him in live', async () => {
    const { batchOf, deliver, live } = open({ erased: ['ann'] });
    const batches = await deliver(batchOf([view('ann'), view('bob'), identify(device(1), 'ann')]));
    expect(batches.flatMap(({ events }) => events)).toMatchObject([{ user: 'bob', position: 1 }]);
    expect(batches.flatMap(({ links }) => links)).toEqual([]);
    expect(live.map(({ kind, id }) => [kind, id])).toEqual([
      ['event', 'pipeline-1-1'],
      ['rejected', 'pipeline-1-0'],
      ['rejected', 'pipeline-1-2'],
    ]);
    expect(JSON.stringify(live)).not.toContain('ann');
  });

  it('takes them again where the project wants that', async () => {
    const { batchOf, deliver } = open();
    const batches = await deliver(batchOf([view('ann')]));
    expect(batches.flatMap(({ events }) => events)).toHaveLength(1);
  });

  it('tells every shard of the project what groups are, whoever is linked with whom', async () => {
    const { batchOf, deliver, live } = open();
    await deliver(batchOf([view(device(1)), identify(device(1), 'acme')]));
    const update: IngestRecord = {
      kind: 'group',
      groupKey: 'company',
      groupId: 'acme',
      time: 7,
      operations: [{ operator: '$set', values: { plan: 'pro' } }],
      insertId: 'g1',
    };
    live.length = 0;
    const batches = await deliver(batchOf([update, view('ann')]));
    const ofGroups = batches.filter((batch) => batch.project === groupProject(project));
    expect(ofGroups.map(({ shard }) => shard)).toEqual(shardsOfProject(placement));
    for (const { shard, batchId, events, persons, links } of ofGroups) {
      expect(batchId).toBe(`pipeline-2-${shard}-groups`);
      const user = groupUser('company', 'acme');
      const { time, operations } = update;
      const stored = { user, distinctId: user, insertId: 'g1', time, operations };
      expect(persons).toEqual([{ ...stored, ignoreTime: false, position: 0 }]);
      expect([...events, ...links]).toEqual([]);
    }
    const others = batches.filter((batch) => batch.project === project);
    expect(others.map(({ events, persons }) => [events.length, persons.length])).toEqual([[1, 0]]);
    expect(live.map(({ id }) => id)).toEqual(['pipeline-2-1']);
  });

  it('makes the same row batches of groups when a batch comes again', async () => {
    const { batchOf, deliver } = open();
    const operations = [{ operator: '$add' as const, values: { n: 1 } }];
    const batch = batchOf([{ kind: 'group', groupKey: 'k', groupId: 'g', time: 1, operations }]);
    const pin = memoryPin();
    const first = await deliver(batch, pin);
    expect(first).toHaveLength(4);
    expect(await deliver(batch, pin, true)).toEqual(first);
  });

  it('brings records after an alias to its user in the mode legacy, those before it not', async () => {
    const { batchOf, deliver } = open({ mode: 'legacy' });
    const alias = eventOf('$create_alias', 'old', { alias: 'new' });
    const batches = await deliver(batchOf([view('new'), alias, view('new')]));
    const users = batches
      .flatMap(({ events }) => events)
      .toSorted((one, other) => one.position - other.position)
      .map(({ user }) => user);
    expect(users).toEqual(['new', 'old', 'old']);
    expect(batches.flatMap(({ links }) => links)).toEqual([]);
  });

  it('merges known users by $merge of an import, and stores a refused one with its reason', async () => {
    const { batchOf, deliver, live } = open({ mode: 'original' });
    await deliver(batchOf([view('ann'), view('bob')]));
    const merge = eventOf('$merge', '', { $distinct_ids: ['ann', 'bob'] });
    const [tracked] = await deliver(batchOf([merge]));
    expect(tracked?.events[0]?.properties).toMatchObject({
      $failure_reason: 'merge_not_allowed',
      $failure_description: '$merge is only taken by /import',
    });
    live.length = 0;
    const imported = await deliver({ ...batchOf([merge]), source: 'import' });
    const links = imported.flatMap((batch) => batch.links);
    expect(new Set(links.map(({ loser, winner }) => `${loser} > ${winner}`)).size).toBe(1);
    expect(live.map(({ kind }) => kind)).toEqual(['event', 'alias']);
    const [after] = await deliver(batchOf([view('ann'), view('bob')]));
    expect(new Set(after?.events.map(({ user }) => user)).size).toBe(1);
  });

  it('carries out what a person decided, and stores nothing of it', async () => {
    const { batchOf, deliver, identities, live } = open();
    await deliver(batchOf([view('ann'), view('bob')]));
    const linked = await deliver(batchOf([{ kind: 'link', time: 1, alias: 'bob', user: 'ann' }]));
    expect(linked.flatMap(({ events, persons }) => [...events, ...persons])).toEqual([]);
    expect(new Set(linked.flatMap(({ links }) => links.map(({ loser }) => loser))).size).toBe(1);
    expect(live.at(-1)).toMatchObject({ kind: 'alias', alias: 'bob', time: 1 });
    const [made] = identities.links(project);
    const unlink = batchOf([{ kind: 'unlink', time: 2, link: made?.id ?? 0, by: 'ann' }]);
    expect(await deliver(unlink)).toEqual([]);
    expect(await deliver(unlink, memoryPin(), true)).toEqual([]);
    const users = (await deliver(batchOf([view('ann'), view('bob')]))).flatMap(({ events }) =>
      events.map(({ user }) => user),
    );
    expect(users.toSorted()).toEqual(['ann', 'bob']);
  });

  it('gives events of nobody to no user', async () => {
    const { batchOf, deliver } = open();
    const [batch] = await deliver(batchOf([view('')]));
    expect(batch?.events).toMatchObject([{ distinctId: '', user: '' }]);
    expect(batch?.shard).toBe(shardOfUser('', placement));
  });

  it('sends the very same bytes when a job is delivered again after the identity map moved on', async () => {
    const { sent, failures, batchOf, deliver } = open();
    await deliver(batchOf([view('ann')]));
    const pin = memoryPin();
    const first = batchOf([view(device(1))]);
    failures.push(new Error('killed after sending'));
    await expect(deliver(first, pin)).rejects.toThrow('killed after sending');
    await deliver(batchOf([identify(device(1), 'ann')]));
    await deliver(first, pin, true);
    const copies = sent.filter(({ batchId }) => batchId.startsWith(`${first.batchId}-`));
    expect(copies).toHaveLength(2);
    expect(copies[1]).toEqual(copies[0]);
    expect(decodeRowBatch(copies[0].bytes).events).toMatchObject([{ user: device(1) }]);
  });

  it('sends nothing for a delivery that was overtaken: the job is done', async () => {
    const { batchOf, deliver } = open();
    const pin = memoryPin();
    pin.done = true;
    expect(await deliver(batchOf([view('ann')]), pin)).toEqual([]);
  });

  it('tells the shards of both users when two histories become one', async () => {
    const { batchOf, deliver } = open();
    await deliver(batchOf([view('ann')]));
    await deliver(batchOf([view(device(2))]));
    const batches = await deliver(batchOf([identify(device(2), 'ann')]));
    const link = { loser: device(2), winner: 'ann' };
    const shards = new Set([shardOfUser('ann', placement), shardOfUser(device(2), placement)]);
    const told = batches.filter(({ links }) => links.length > 0);
    expect(new Set(told.map(({ shard }) => shard))).toEqual(shards);
    for (const { links } of told) expect(links).toEqual([link]);
    expect(await deliver(batchOf([view(device(2), 9)]))).toMatchObject([
      { events: [{ user: 'ann', distinctId: device(2) }] },
    ]);
  });

  it('stores an event whose link was refused with the reason', async () => {
    const { live, batchOf, deliver } = open();
    await deliver(batchOf([identify(device(1), 'ann')]));
    const shared = { ...view(device(1), 3), properties: { $device_id: '1', $user_id: 'bob' } };
    const batches = await deliver(batchOf([identify(device(1), 'bob'), shared as IngestRecord]));
    const events = batches.flatMap((batch) => batch.events);
    const reason = `"${device(1)}" already belongs to another known user`;
    expect(events.map(({ user }) => user)).toEqual(['bob', 'bob']);
    expect(events[0]?.properties).toMatchObject({
      $failure_reason: 'already_identified',
      $failure_description: reason,
    });
    expect(events[1]?.properties).toMatchObject({ $identity_failure_reason: reason });
    expect(live.filter(({ kind }) => kind === 'alias')).toMatchObject([
      { alias: device(1), user: 'ann' },
      { alias: device(1), user: 'bob', refused: reason },
      { alias: device(1), user: 'bob', refused: reason },
    ]);
  });

  it('lets an update bring the links along by which its sender is the user', async () => {
    const { batchOf, deliver } = open();
    await deliver(batchOf([view(device(1))]));
    await deliver(batchOf([view('ann')]));
    await deliver(batchOf([identify(device(1), 'ann')]));
    const values = { visits: 1 };
    const add = (distinctId: string): IngestRecord => {
      return { kind: 'person', distinctId, time: 0, operations: [{ operator: '$add', values }] };
    };
    const linksOf = async (...records: IngestRecord[]) =>
      (await deliver(batchOf(records))).flatMap(({ links }) => links);
    expect(await linksOf(add('ann'), add('ann'))).toEqual([{ loser: 'ann', winner: device(1) }]);
    expect(await linksOf(add(device(1)), view('ann', 2))).toEqual([]);
  });

  it('keeps an update that can do nothing where its copies would be known by it', async () => {
    const { batchOf, deliver } = open();
    await deliver(batchOf([view(device(1))]));
    await deliver(batchOf([identify(device(1), 'ann')]));
    const update = (insertId: object): IngestRecord => {
      const operations = [{ operator: '$delete' as const }];
      return {
        kind: 'person',
        distinctId: 'ann',
        time: 0,
        operations,
        ignoreAlias: true,
        ...insertId,
      };
    };
    const batches = await deliver(batchOf([update({ insertId: 'u1' }), update({})]));
    expect(batches.flatMap(({ persons }) => persons)).toMatchObject([
      { user: device(1), insertId: 'u1', operations: [] },
    ]);
  });

  describe('$ignore_alias of an identifier that was merged', () => {
    const update = (operator: '$delete' | '$set' | '$both', ignoreAlias = true): IngestRecord => {
      const set = { operator: '$set' as const, values: { plan: 'pro' } };
      const operations: IngestPerson['operations'] =
        operator === '$both'
          ? [set, { operator: '$unset', names: ['plan'] }]
          : [operator === '$set' ? set : { operator }];
      return { kind: 'person', distinctId: 'ann', time: 0, operations, ignoreAlias };
    };
    const personsOf = (batches: RowBatch[]) =>
      batches.flatMap(({ persons }) =>
        persons.map(({ user, operations }) => [user, ...operations.map((one) => one.operator)]),
      );

    it('takes nothing from the user it belongs to, and gives to him', async () => {
      const { batchOf, deliver } = open();
      await deliver(batchOf([view(device(1))]));
      await deliver(batchOf([identify(device(1), 'ann')]));
      const records = [
        update('$delete', false),
        update('$delete'),
        update('$set'),
        update('$both'),
      ];
      expect(personsOf(await deliver(batchOf(records)))).toEqual([
        [device(1), '$delete'],
        [device(1), '$set'],
        [device(1), '$set'],
      ]);
      expect(personsOf(await deliver(batchOf([update('$delete')])))).toEqual([]);
    });

    it('means the profile that it kept for itself in the mode legacy', async () => {
      const { batchOf, deliver } = open({ mode: 'legacy' });
      await deliver(batchOf([update('$set')]));
      await deliver(batchOf([eventOf('$create_alias', 'old', { alias: 'ann' })]));
      const batches = await deliver(batchOf([update('$delete'), update('$delete', false)]));
      expect(new Set(personsOf(batches).map(String))).toEqual(
        new Set(['ann,$delete', 'old,$delete']),
      );
    });

    it('brings the profile along when the identifier is linked later', async () => {
      const { batchOf, deliver } = open();
      await deliver(batchOf([view(device(1))]));
      await deliver(batchOf([update('$set')]));
      const batches = await deliver(batchOf([identify(device(1), 'ann')]));
      const links = batches.flatMap((rows) => rows.links);
      expect(new Set(links.map(({ loser, winner }) => `${loser} ${winner}`))).toEqual(
        new Set([`ann ${device(1)}`]),
      );
    });
  });

  it('hands the insert id of a profile update on, and makes none', async () => {
    const { batchOf, deliver } = open();
    const add = { kind: 'person', distinctId: 'ann', time: 0 } as const;
    const operations: IngestPerson['operations'] = [{ operator: '$add', values: { n: 1 } }];
    const records = [
      { ...add, operations, insertId: 'i-1' },
      { ...add, operations },
    ];
    const persons = (await deliver(batchOf(records))).flatMap((rows) => rows.persons);
    expect(persons).toMatchObject([{ insertId: 'i-1', operations }, { operations }]);
    expect(persons[1]).not.toHaveProperty('insertId');
  });

  it('shows every record in Live, an import only in part', async () => {
    const { live, batchOf, deliver } = open();
    const records = Array.from({ length: 150 }, (_, n) => view('ann', n));
    await deliver(batchOf(records));
    expect(live).toHaveLength(150);
    expect(live[149]).toMatchObject({ id: 'pipeline-1-149', user: 'ann', event: 'View' });
    await deliver({ ...batchOf(records), source: 'import' });
    expect(live).toHaveLength(250);
  });

  it('takes a batch of a project that does not exist for poison', async () => {
    const { batchOf, deliver } = open({ projects: [] });
    await expect(deliver(batchOf([view('ann')]))).rejects.toThrow('there is no project 5');
  });
});
