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

/** Good values, so that many records pass, and now and then whatever JSON can say. */
const mostly = (good: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> =>
  fc.oneof({ weight: 12, arbitrary: good }, { weight: 1, arbitrary: anything });

const id = mostly(fc.oneof(fc.string({ minLength: 1, maxLength: 300 }), fc.integer()));
const shallow = fc.jsonValue({ maxDepth: 2 });
const values = mostly(fc.dictionary(fc.string(), shallow));

const event = fc.record(
  {
    event: mostly(fc.string({ minLength: 1, maxLength: 300 })),
    properties: mostly(
      fc.record(
        {
          token: fc.constant('t'),
          distinct_id: id,
          time: mostly(fc.integer({ min: 31_536_000, max: 1_780_000_000 })),
          $insert_id: mostly(fc.stringMatching(/^[a-z0-9-]{1,36}$/)),
          ip: mostly(fc.oneof(fc.ipV4(), fc.ipV6(), fc.constant('0'))),
          $ignore: fc.constantFrom(false, '', true),
          $device_id: id,
          $user_id: id,
          ['__proto__']: anything,
          constructor: shallow,
          price: mostly(shallow),
        },
        { requiredKeys: ['time', 'distinct_id', '$insert_id'] },
      ),
    ),
  },
  { requiredKeys: [] },
);
const update = fc.record(
  {
    $token: fc.constant('t'),
    $distinct_id: id,
    $time: mostly(fc.integer({ min: 0 })),
    $ip: mostly(fc.ipV4()),
    $set: values,
    $set_once: values,
    $add: mostly(fc.dictionary(fc.string(), fc.integer())),
    $append: values,
    $union: mostly(fc.dictionary(fc.string(), fc.array(shallow))),
    $remove: values,
    $unset: mostly(fc.array(fc.string())),
    $delete: anything,
  },
  { requiredKeys: ['$distinct_id'] },
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
      fc.property(fc.oneof(event, update, anything), (raw) => {
        if (expectContract(judge(JSON.parse(JSON.stringify(raw))))) emitted++;
      }),
      { numRuns: 1000 },
    );
    expect(emitted).toBeGreaterThan(50);
  },
);
