import { expect, test } from 'vitest';
import { judgePersonUpdate } from './person-update.ts';
import { RecordProblem } from './record-problem.ts';

const now = Date.UTC(2026, 2, 4);
const context = { now, damaged: false, connectionAddress: '198.51.100.1' };
const judge = (update: object): ReturnType<typeof judgePersonUpdate> =>
  judgePersonUpdate({ $token: 't', $distinct_id: 'u7', ...update }, context);
const messageOf = (update: object): string | null => {
  const result = judge(update);
  return result instanceof RecordProblem ? result.message : null;
};

test('4.2: an update with what it says about itself', () => {
  expect(
    judge({ $set: { plan: 'pro' }, $time: 1709510400, $ignore_time: true, $ignore_alias: true }),
  ).toEqual({
    kind: 'person',
    distinctId: 'u7',
    time: 1709510400000,
    operations: [{ operator: '$set', values: { plan: 'pro' } }],
    ignoreTime: true,
    ignoreAlias: true,
    ip: '198.51.100.1',
  });
});

test('4.2: several operators apply in the order of the table', () => {
  const update = {
    $unset: ['a'],
    $add: { n: 1 },
    $set: { a: 1 },
    $delete: '',
    $set_once: { b: 2 },
  };
  const result = judge(update);
  expect(result).toMatchObject({
    operations: [
      { operator: '$set' },
      { operator: '$set_once' },
      { operator: '$add' },
      { operator: '$unset' },
      { operator: '$delete' },
    ],
  });
});

test('4.2: numbers are turned into ids; no id is refused', () => {
  expect(judge({ $distinct_id: 5, $delete: '' })).toMatchObject({ distinctId: '5' });
  for (const id of [undefined, null, '']) {
    expect(messageOf({ $distinct_id: id, $delete: '' })).toBe(
      "'$distinct_id' is invalid: must not be missing",
    );
  }
});

test('SRV-5: an insert id by the rules of events is taken; what is none is as good as absent', () => {
  const add = { $add: { logins: 1 } };
  expect(judge({ ...add, $insert_id: 'a-Z9' })).toMatchObject({
    insertId: 'a-Z9',
    operations: [{ operator: '$add', values: { logins: 1 } }],
  });
  expect(judge({ ...add, $insert_id: 36 })).toMatchObject({ insertId: '36' });
  expect(judge({ ...add, $insert_id: 'x'.repeat(36) })).toHaveProperty('insertId');
  for (const none of [undefined, null, '', 'x'.repeat(37), 'a:1', 'ä', 'null', {}, ['a'], true]) {
    const result = judge({ ...add, $insert_id: none });
    expect(result).toMatchObject({ kind: 'person' });
    expect(result).not.toHaveProperty('insertId');
  }
});

test('4.2: $ip wins over the connection, 0 stops both', () => {
  expect(judge({ $set: {}, $ip: '2001:db8::1' })).toMatchObject({ ip: '2001:db8::1' });
  expect(judge({ $set: {}, $ip: '0' })).not.toHaveProperty('ip');
  expect(judge({ $set: {}, $ip: 0 })).not.toHaveProperty('ip');
});

test('nobody was last seen in the future', () => {
  expect(judge({ $set: {}, $time: now + 5000 })).toMatchObject({ time: now });
});

test.each([null, '', 'null', 'u7'])('15.12: $delete with %j deletes', (value) => {
  expect(judge({ $delete: value })).toMatchObject({ operations: [{ operator: '$delete' }] });
});

test.each([
  [{ $set: [] }, "'$set' is invalid: must be a json object"],
  [{ $set_once: 'x' }, "'$set_once' is invalid: must be a json object"],
  [{ $add: { n: '1' } }, "'$add.n' is invalid: must be a number"],
  [{ $add: { n: null } }, "'$add.n' is invalid: must be a number"],
  [{ $union: { l: 'a' } }, "'$union.l' is invalid: must be a list"],
  [{ $unset: 'a' }, "'$unset' is invalid: must be a list of property names"],
  [{ $unset: [1] }, "'$unset' is invalid: must be a list of property names"],
  [{ $increment: { n: 1 } }, "'$increment' is invalid: operator is unknown"],
  [{ $set: {}, $push: [1] }, "'$push' is invalid: operator is unknown"],
  [{ $set: {}, $time: 'now' }, "'$time' is invalid: must be specified as seconds since epoch"],
  [{ $group_key: 'company' }, "'$group_key' is invalid: updates of groups are sent to /groups"],
])('4.3: %j is refused', (update, message) => {
  expect(messageOf(update)).toBe(message);
});

test('4.3: an update without an operator is refused', () => {
  expect(messageOf({ $had_persisted_distinct_id: true, $future_metadata: 5 })).toBe(
    'one of $set, $set_once, $add, $append, $union, $remove, $unset, $delete is missing',
  );
});

test('4.3: an update names at most 2000 properties, over all operators', () => {
  const values = (count: number, prefix: string): object =>
    Object.fromEntries(Array.from({ length: count }, (_, i) => [`${prefix}${i}`, i]));
  expect(messageOf({ $set: values(1000, 'a'), $set_once: values(1000, 'b') })).toBeNull();
  expect(messageOf({ $set: values(1001, 'a'), $set_once: values(1000, 'b') })).toBe(
    'update must not name more than 2000 properties',
  );
  expect(messageOf({ $set: values(2001, 'a') })).toBe(
    "'$set' is invalid: must not have more than 2000 properties",
  );
});
