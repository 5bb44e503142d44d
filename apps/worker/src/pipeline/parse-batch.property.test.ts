import { PoisonError } from '@arbor/queue/errors';
import { ingestBatchSchema } from '@arbor/schema/ingest';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseBatch } from './parse-batch.ts';

const properties = fc.dictionary(fc.string({ maxLength: 5 }), fc.jsonValue({ maxDepth: 2 }), {
  maxKeys: 4,
  noNullPrototype: true,
});
const time = fc.integer({ min: -1, max: 2 ** 41 });
const optional = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });

const event = fc.record({
  kind: fc.constant('event'),
  event: fc.string({ minLength: 1 }),
  time,
  sentTime: optional(time),
  distinctId: fc.string(),
  insertId: fc.string({ minLength: 1 }),
  properties,
  ip: optional(fc.ipV4()),
  userAgent: optional(fc.string()),
});
const values = (operator: string) =>
  fc.record({ operator: fc.constant(operator), values: properties });
const operation = fc.oneof(
  values('$set'),
  values('$set_once'),
  values('$append'),
  values('$remove'),
  fc.record({
    operator: fc.constant('$add'),
    values: fc.dictionary(fc.string(), fc.double({ noNaN: true, noDefaultInfinity: true }), {
      noNullPrototype: true,
    }),
  }),
  fc.record({
    operator: fc.constant('$union'),
    values: fc.dictionary(fc.string(), fc.array(fc.jsonValue({ maxDepth: 1 })), {
      noNullPrototype: true,
    }),
  }),
  fc.record({ operator: fc.constant('$unset'), names: fc.array(fc.string()) }),
  fc.record({ operator: fc.constant('$delete') }),
);
const person = fc.record({
  kind: fc.constant('person'),
  distinctId: fc.string({ minLength: 1 }),
  time,
  operations: fc.array(operation, { minLength: 1, maxLength: 3 }),
  ignoreTime: optional(fc.boolean()),
  ignoreAlias: optional(fc.boolean()),
  insertId: optional(fc.string({ minLength: 1 })),
  ip: optional(fc.ipV4()),
});
const group = fc.record({
  kind: fc.constant('group'),
  groupKey: fc.string({ minLength: 1 }),
  groupId: fc.string({ minLength: 1 }),
  time,
  operations: fc.array(operation, { minLength: 1, maxLength: 3 }),
  ignoreTime: optional(fc.boolean()),
  insertId: optional(fc.string({ minLength: 1 })),
});
const link = fc.record({
  kind: fc.constant('link'),
  time,
  alias: fc.string({ minLength: 1 }),
  user: fc.string({ minLength: 1 }),
});
const unlink = fc.record({
  kind: fc.constant('unlink'),
  time,
  link: fc.integer({ min: 1 }),
  by: fc.string(),
});
const batch = fc.record({
  version: fc.constant(1),
  batchId: fc.string({ minLength: 8 }),
  project: fc.integer({ min: 1 }),
  source: fc.constantFrom('track', 'import', 'engage', 'groups', 'sdk'),
  receivedAt: time,
  sequence: time,
  records: fc.array(fc.oneof(event, person, group, link, unlink), { minLength: 1, maxLength: 4 }),
});

/** What may stand where it should not. `1e999` in JSON text is Infinity once it is read. */
const wrong = fc.constantFrom(
  'null',
  '0',
  '-1',
  '1.5',
  '1e999',
  '""',
  '"x"',
  'true',
  '[]',
  '{}',
  '[null]',
);

/** Replaces one value somewhere in the text of a batch; `at` chooses where. */
function damage(text: string, at: number, replacement: string): string {
  let count = 0;
  JSON.parse(text, () => void count++);
  let index = 0;
  const marker = '@@damaged@@';
  const damaged = JSON.stringify(
    JSON.parse(text, (_key, value: unknown) => (index++ === at % count ? marker : value)),
  );
  return damaged.replace(`"${marker}"`, () => replacement);
}

function accepts(text: string): boolean {
  try {
    parseBatch(text);
    return true;
  } catch (error) {
    if (error instanceof PoisonError) return false;
    throw error;
  }
}

describe('parseBatch', () => {
  it('accepts what the schema accepts, unchanged', () => {
    fc.assert(
      fc.property(batch, (given) => {
        const text = JSON.stringify(given);
        expect(ingestBatchSchema.safeParse(JSON.parse(text)).success).toBe(true);
        expect(parseBatch(text)).toEqual(JSON.parse(text));
        expect(parseBatch(JSON.parse(text))).toEqual(JSON.parse(text));
      }),
      { numRuns: 200 },
    );
  });

  it('rejects what the schema rejects, wherever the damage is', () => {
    fc.assert(
      fc.property(batch, fc.nat(), wrong, (given, at, replacement) => {
        const text = damage(JSON.stringify(given), at, replacement);
        expect(accepts(text)).toBe(ingestBatchSchema.safeParse(JSON.parse(text)).success);
      }),
      { numRuns: 1000 },
    );
  });
});
