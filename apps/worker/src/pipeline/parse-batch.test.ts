import { NewerJobError, PoisonError } from '@arbor/queue/errors';
import { expect, it } from 'vitest';
import { parseBatch } from './parse-batch.ts';

const good = {
  version: 1,
  batchId: 'batch-01',
  project: 1,
  source: 'track',
  receivedAt: 0,
  sequence: 0,
  records: [{ kind: 'person', distinctId: 'a', time: 0, operations: [{ operator: '$delete' }] }],
};

it.each([
  [undefined, 'the job carries no batch'],
  [7, 'batch cannot be 7'],
  ['{}', 'version undefined is unknown; 1 is the only one'],
  [JSON.stringify({ ...good, batchId: 'short' }), 'batchId cannot be "short"'],
  [JSON.stringify({ ...good, records: [] }), 'records is empty'],
  [JSON.stringify({ ...good, records: [{ kind: 'thing' }] }), 'records[0].kind cannot be "thing"'],
  [
    JSON.stringify({ ...good, records: [{ ...good.records[0], insertId: '' }] }),
    'records[0].insertId cannot be ""',
  ],
  [
    JSON.stringify(good).replace('"$delete"', '"$add","values":{"n":"1"}'),
    'records[0].operations[0].values.n cannot be "1"',
  ],
])('says what is wrong with %s', (text, message) => {
  expect(() => parseBatch(text)).toThrow(message);
});

it('leaves a job of a newer version, whatever it holds, to workers that can read it', () => {
  expect(() => parseBatch({ version: 2, lines: [] })).toThrow(NewerJobError);
  expect(() => parseBatch({ version: 2 })).toThrow(
    'batch version 2 is newer than 1: it waits for a worker of the newer version',
  );
  for (const version of [0, 1.5, '2', null]) {
    expect(() => parseBatch({ ...good, version })).toThrow(PoisonError);
  }
});

it('says that a text is not JSON', () => {
  expect(() => parseBatch('{"version":')).toThrow(/^the batch is not JSON: /);
});
