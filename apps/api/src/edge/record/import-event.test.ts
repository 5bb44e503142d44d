import { expect, test } from 'vitest';
import { defaultEdgeSettings } from '../ports.ts';
import type { EventContext } from './event-context.ts';
import { judgeImportEvent } from './import-event.ts';
import { RecordProblem } from './record-problem.ts';

const now = Date.UTC(2026, 2, 4);
const hour = 3_600_000;
const context: EventContext = {
  now,
  settings: defaultEdgeSettings,
  damaged: false,
  connectionAddress: null,
  addressId: () => null,
  userAgent: null,
};
const good = { time: now, distinct_id: 'ada', $insert_id: 'i-1' };

function judge(
  properties: object,
  { strict = true, event = 'Visit', mode = 'simplified' as 'simplified' | 'original' } = {},
): ReturnType<typeof judgeImportEvent> {
  const settings = { ...defaultEdgeSettings, identityMode: mode };
  return judgeImportEvent({ event, properties }, { ...context, settings }, strict);
}
const messageOf = (properties: object, options?: Parameters<typeof judge>[1]): string | null => {
  const result = judge(properties, options);
  return result instanceof RecordProblem ? result.message : null;
};

test('3.2: a complete record is stored', () => {
  expect(judge(good)).toMatchObject({ time: now, distinctId: 'ada', insertId: 'i-1' });
});

test('3.2: what is missing is named in strict mode', () => {
  expect(messageOf({ ...good, time: undefined })).toBe(
    "'properties.time' is invalid: must be specified as seconds since epoch",
  );
  expect(messageOf({ ...good, distinct_id: undefined })).toBe(
    "'properties.distinct_id' is invalid: must not be missing",
  );
  expect(messageOf({ ...good, $insert_id: undefined })).toBe(
    "'properties.$insert_id' is invalid: must not be missing",
  );
});

test('3.2: without strict an id is made up for, a time is not', () => {
  const lenient = { strict: false };
  expect(judge({ time: now }, lenient)).toMatchObject({ distinctId: '', insertId: '' });
  expect(judge({ time: now, $insert_id: 'a b' }, lenient)).toMatchObject({ insertId: '' });
  expect(messageOf({ distinct_id: 'ada' }, lenient)).toMatch(/properties\.time/);
});

test.each([
  '00000000-0000-0000-0000-000000000000',
  'ANON',
  'Anonymous',
  'nil',
  'none',
  'NULL',
  'n/a',
  'NA',
  'undefined',
  'Unknown',
  '<nil>',
  '0',
  '-1',
  'TRUE',
  'false',
  '[]',
  '{}',
])('3.2: %s identifies nobody, in either mode', (id) => {
  const message = `'properties.distinct_id' is invalid: "${id}" identifies nobody`;
  expect(messageOf({ ...good, distinct_id: id })).toBe(message);
  expect(messageOf({ ...good, distinct_id: id }, { strict: false })).toBe(message);
  expect(judge({ ...good, $insert_id: id })).toBeInstanceOf(RecordProblem);
});

test('3.2: the number 0 is turned into a string first', () => {
  expect(messageOf({ ...good, distinct_id: 0 })).toMatch(/identifies nobody/);
});

test('3.2: an empty distinct_id is allowed and belongs to nobody', () => {
  expect(judge({ ...good, distinct_id: '' })).toMatchObject({ distinctId: '' });
});

test('3.2: $insert_id has 1 to 36 letters, digits and "-"', () => {
  expect(judge({ ...good, $insert_id: 'a'.repeat(36) })).not.toBeInstanceOf(RecordProblem);
  for (const id of ['', 'a'.repeat(37), 'a_b', 'ä', 'a:1']) {
    expect(messageOf({ ...good, $insert_id: id })).toBe(
      `'properties.$insert_id' is invalid: must be 1 to 36 letters, digits or "-", and identify something`,
    );
  }
});

test('3.2: the probe of mixpanel-import tells the identity mode', () => {
  const probe = { time: now, $insert_id: 'p', $device_id: 'd', $user_id: 'u' };
  expect(judge(probe)).toMatchObject({ distinctId: 'u' });
  expect(messageOf(probe, { mode: 'original' })).toContain(
    "'properties.distinct_id' is invalid: must not be missing",
  );
});

test('10: times from 1971 on, up to an hour ahead, and those count now', () => {
  expect(messageOf({ ...good, time: 31_535_999 })).toBe(
    "'properties.time' is invalid: must not be before 1971-01-01",
  );
  expect(judge({ ...good, time: 31_536_000 })).toMatchObject({ time: 31_536_000_000 });
  expect(judge({ ...good, time: now + hour })).toMatchObject({ time: now, sentTime: now + hour });
  expect(judge({ ...good, time: now + hour + 1 })).toMatchObject({ code: 'future' });
  expect(judge({ ...good, time: now + hour + 1 }, { strict: false })).toMatchObject({
    time: now,
    sentTime: now + hour + 1,
  });
});

test('3.2: half a surrogate pair is not valid utf8', () => {
  expect(messageOf({ ...good, name: 'a\ud83d' })).toBe(
    "'properties.name' is invalid: string should be valid utf8",
  );
  expect(judge({ ...good, name: 'a\ud83d' }, { strict: false })).toMatchObject({
    properties: { name: 'a\ufffd' },
  });
});

test('3.2, 6: a merge needs two ids and nothing else', () => {
  const merge = { event: '$merge' };
  expect(judge({ $distinct_ids: ['a', 'b'] }, merge)).toMatchObject({ time: now, distinctId: 'a' });
  for (const ids of [undefined, ['a'], ['a', 'b', 'c'], ['a', 5], ['a', 'null']]) {
    expect(judge({ $distinct_ids: ids }, merge)).toMatchObject({
      field: 'properties.$distinct_ids',
    });
  }
});
