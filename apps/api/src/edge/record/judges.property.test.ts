import { ingestRecordSchema } from '@arbor/schema/ingest';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { defaultEdgeSettings } from '../ports.ts';
import type { EventContext } from './event-context.ts';
import { judgeImportEvent } from './import-event.ts';
import { judgePersonUpdate } from './person-update.ts';
import { RecordProblem } from './record-problem.ts';
import { judgeSdkRecord } from './sdk-record.ts';
import { judgeTrackEvent } from './track-event.ts';

const context: EventContext = {
  now: Date.UTC(2026, 2, 4),
  settings: defaultEdgeSettings,
  damaged: false,
  connectionAddress: '198.51.100.1',
  addressId: () => 'hash',
  userAgent: 'agent',
};

const anything = fc.jsonValue({ maxDepth: 4 });
const id = fc.oneof(fc.string({ maxLength: 300 }), fc.integer(), anything);
const properties = fc.record(
  {
    token: fc.constant('t'),
    distinct_id: id,
    time: fc.oneof(fc.double(), fc.integer({ min: 0, max: 2_000_000_000 }), anything),
    $insert_id: fc.oneof(fc.stringMatching(/^[a-z0-9-]{1,40}$/), anything),
    ip: fc.oneof(fc.ipV4(), fc.ipV6(), anything),
    $ignore: anything,
    $device_id: id,
    $user_id: id,
    ['__proto__']: anything,
    constructor: anything,
    price: anything,
  },
  { requiredKeys: [] },
);
const event = fc.oneof(
  anything,
  fc.record(
    { event: fc.oneof(fc.string(), anything), properties: fc.oneof(properties, anything) },
    { requiredKeys: [] },
  ),
);
const values = fc.oneof(fc.dictionary(fc.string(), anything), anything);
const update = fc.oneof(
  anything,
  fc.record(
    {
      $token: fc.constant('t'),
      $distinct_id: id,
      $time: fc.oneof(fc.integer(), anything),
      $ip: anything,
      $set: values,
      $set_once: values,
      $add: fc.oneof(fc.dictionary(fc.string(), fc.double()), anything),
      $append: values,
      $union: fc.oneof(fc.dictionary(fc.string(), fc.array(anything)), anything),
      $remove: values,
      $unset: fc.oneof(fc.array(fc.string()), anything),
      $delete: anything,
    },
    { requiredKeys: [] },
  ),
);

/** Insert ids are added with the batch, so an empty one stands for one that will be there. */
function expectContract(result: unknown): boolean {
  if (result === 'ignored' || result instanceof RecordProblem) return false;
  const record = result as { insertId?: string };
  const complete = record.insertId === '' ? { ...record, insertId: 'batch:0' } : record;
  const overTheWire: unknown = JSON.parse(JSON.stringify(complete));
  expect(ingestRecordSchema.parse(overTheWire)).toEqual(overTheWire);
  expect(overTheWire).toEqual(complete);
  return true;
}

const judges: Record<string, (raw: unknown) => unknown> = {
  track: (raw) => judgeTrackEvent(raw, context),
  'import strict': (raw) => judgeImportEvent(raw, context, true),
  'import lenient': (raw) => judgeImportEvent(raw, context, false),
  engage: (raw) => judgePersonUpdate(raw, context),
  sdk: (raw) => judgeSdkRecord(raw, context),
};

test.each(Object.entries(judges))(
  'whatever is sent, what is emitted fulfils the contract: %s',
  (_, judge) => {
    let emitted = 0;
    fc.assert(
      fc.property(fc.oneof(event, update), (raw) => {
        if (expectContract(judge(JSON.parse(JSON.stringify(raw))))) emitted++;
      }),
      { numRuns: 1500 },
    );
    expect(emitted).toBeGreaterThan(20);
  },
);
