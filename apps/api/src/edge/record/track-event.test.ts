import type { IngestEvent } from '@arbor/schema/ingest';
import { expect, test } from 'vitest';
import { defaultEdgeSettings } from '../ports.ts';
import type { EventContext } from './event-context.ts';
import { RecordProblem } from './record-problem.ts';
import { judgeTrackEvent } from './track-event.ts';

const now = Date.UTC(2024, 2, 10);
const context: EventContext = {
  now,
  settings: defaultEdgeSettings,
  damaged: false,
  connectionAddress: null,
  addressId: () => null,
  userAgent: null,
};
const judge = (
  properties: object,
  change: Partial<EventContext> = {},
): ReturnType<typeof judgeTrackEvent> =>
  judgeTrackEvent({ event: 'Visit', properties }, { ...context, ...change });
const stored = (properties: object, change?: Partial<EventContext>): IngestEvent => {
  const result = judge(properties, change);
  if (result === 'ignored' || result instanceof RecordProblem)
    throw new Error(JSON.stringify(result));
  return result;
};
const messageOf = (raw: unknown): string | null => {
  const result = judgeTrackEvent(raw, context);
  return result instanceof RecordProblem ? result.message : null;
};

test('2.1: protocol fields do not become properties, others do', () => {
  const event = stored({
    token: 't',
    distinct_id: 'ada',
    time: now / 1000,
    $insert_id: 'abc-1',
    ip: '203.0.113.9',
    $ignore: false,
    $device_id: 'd',
    $user_id: 'ada',
    price: 3,
  });
  expect(event).toEqual({
    kind: 'event',
    event: 'Visit',
    time: now,
    distinctId: 'ada',
    insertId: 'abc-1',
    properties: { $device_id: 'd', $user_id: 'ada', price: 3 },
    ip: '203.0.113.9',
  });
});

test('2.1: a number as distinct_id is turned into a string', () => {
  expect(stored({ distinct_id: 42 }).distinctId).toBe('42');
});

test('2.1: what is no id is refused', () => {
  for (const id of [true, {}, ['a']]) {
    expect(judge({ distinct_id: id })).toMatchObject({
      message: "'properties.distinct_id' is invalid: must be a string",
    });
  }
});

test('2.1: a missing time is the time of arrival', () => {
  expect(stored({})).toMatchObject({ time: now });
  expect(stored({})).not.toHaveProperty('sentTime');
});

test('2.1: a future time counts at arrival and stays known as it was sent', () => {
  expect(stored({ time: now + 86_400_000 })).toMatchObject({
    time: now,
    sentTime: now + 86_400_000,
  });
});

test('2.1: a time that is none is refused rather than guessed', () => {
  expect(judge({ time: 'yesterday' })).toMatchObject({
    field: 'properties.time',
    message: "'properties.time' is invalid: must be specified as seconds since epoch",
  });
});

test('2.1: $ignore drops the event, false and empty do not', () => {
  expect(judge({ $ignore: true })).toBe('ignored');
  expect(judge({ $ignore: 'yes' })).toBe('ignored');
  expect(judge({ $ignore: '' })).toMatchObject({ kind: 'event' });
  expect(judge({ $ignore: false })).toMatchObject({ kind: 'event' });
});

test('decisions 4: events of any age are taken; a project may set a limit, to the ms (15 b)', () => {
  const fiveDaysAgo = now - 5 * 86_400_000;
  expect(stored({ time: fiveDaysAgo - 60_000 }).time).toBe(fiveDaysAgo - 60_000);
  const settings = { ...defaultEdgeSettings, trackAgeDaysMax: 5 };
  expect(judge({ time: fiveDaysAgo - 60_000 }, { settings })).toBe('ignored');
  expect(judge({ time: fiveDaysAgo }, { settings })).toMatchObject({ time: fiveDaysAgo });
});

test('2.4: who it was, step by step', () => {
  const hashed = { addressId: () => 'hash' };
  const original = { settings: { ...defaultEdgeSettings, identityMode: 'original' as const } };
  expect(stored({ $user_id: 'u', $device_id: 'd' }, hashed).distinctId).toBe('u');
  expect(stored({ $device_id: 'd' }, hashed).distinctId).toBe('$device:d');
  expect(stored({ $device_id: 'd' }, original).distinctId).toBe('d');
  expect(stored({}, hashed).distinctId).toBe('hash');
  expect(stored({ distinct_id: null }).distinctId).toBe('');
});

test('11, 9.5: an $insert_id that is none is as good as missing', () => {
  for (const id of ['', 'a b', 'x'.repeat(37), 'NULL', '-1', null, {}]) {
    expect(stored({ $insert_id: id }).insertId).toBe('');
  }
  expect(stored({ $insert_id: 'x'.repeat(36) }).insertId).toBe('x'.repeat(36));
});

test('12: the property ip wins over the connection, "0" stops both', () => {
  const connectionAddress = '198.51.100.1';
  expect(stored({ ip: '203.0.113.9' }, { connectionAddress }).ip).toBe('203.0.113.9');
  expect(stored({ ip: '::ffff:203.0.113.9' }).ip).toBe('203.0.113.9');
  expect(stored({}, { connectionAddress }).ip).toBe(connectionAddress);
  for (const ip of ['0', 0, 'localhost', true]) {
    expect(stored({ ip }, { connectionAddress })).not.toHaveProperty('ip');
  }
});

test('6: a merge of users takes a credential', () => {
  expect(messageOf({ event: '$merge', properties: { $distinct_ids: ['a', 'b'] } })).toBe(
    "'event' is invalid: $merge is accepted by /import only",
  );
});

test.each([
  [null, 'record must be a json object'],
  ['text', 'record must be a json object'],
  [[], 'record must be a json object'],
  [{}, "'event' is invalid: must not be missing"],
  [{ event: '', properties: {} }, "'event' is invalid: must not be missing"],
  [{ event: 5, properties: {} }, "'event' is invalid: must be a string"],
  [{ event: 'a' }, "'properties' is invalid: must not be missing"],
  [{ event: 'a', properties: [] }, "'properties' is invalid: must be a json object"],
])('%j is refused', (raw, message) => {
  expect(messageOf(raw)).toBe(message);
});
