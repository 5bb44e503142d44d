import type { IngestRecord } from '@arbor/schema/ingest';
import { expect, test } from 'vitest';
import type { AuditRecord } from '../audit/ports.ts';
import type { AuthorizedProject } from '../auth/authorize.ts';
import type { BatchContent } from '../edge/batch-sender.ts';
import { importPeople } from './import-people.ts';

const now = Date.UTC(2026, 2, 1);

async function* bytesOf(text: string): AsyncGenerator<Uint8Array> {
  for (let i = 0; i < text.length; i += 7) {
    yield await Promise.resolve(Buffer.from(text.slice(i, i + 7)));
  }
}

/** Imports a file with a queue that is full the first `fullTimes` times it is looked at. */
async function imported(csv: string, columns?: readonly string[], fullTimes = 0) {
  const batches: BatchContent[] = [];
  const audits: AuditRecord[] = [];
  let looks = 0;
  const deps = {
    send: (batch: BatchContent) => (batches.push(batch), Promise.resolve()),
    overloaded: () => (looks++ < fullTimes ? { retryAfterSeconds: 0 } : null),
    audit: {
      record: (entry: AuditRecord) => (audits.push(entry), Promise.resolve()),
      list: () => Promise.resolve({ entries: [], next: null }),
    },
    clock: () => now,
  };
  const report = await importPeople(deps, {
    project: { id: 7 } as AuthorizedProject,
    columns,
    csv: bytesOf(csv),
    by: { type: 'project_secret', projectId: 7 },
    signal: new AbortController().signal,
  });
  return { report, batches, audits, looks };
}

const peopleOf = (batches: readonly BatchContent[]): unknown[] =>
  batches
    .flatMap(({ records }: { readonly records: readonly IngestRecord[] }) => records)
    .map((record) =>
      record.kind === 'person' ? [record.distinctId, record.operations[0]] : record.kind,
    );

test('sets the properties of each row, typed as they are written', async () => {
  const { report, batches, audits } = await imported(
    '$distinct_id,$name,seats,paying,zip\nada,"Lovelace, Ada",3,true,007\nbob,,,,\ncyd,Cyd,,false,\n',
  );
  expect(report).toEqual({
    rows: 2,
    refused: 1,
    problems: [{ line: 3, reason: 'it has no property' }],
  });
  const values = { $name: 'Lovelace, Ada', seats: 3, paying: true, zip: '007' };
  expect(peopleOf(batches)).toEqual([
    ['ada', { operator: '$set', values }],
    ['cyd', { operator: '$set', values: { $name: 'Cyd', paying: false } }],
  ]);
  expect(batches[0]).toMatchObject({ queue: 'bulk', project: 7, source: 'engage' });
  expect(batches[0]?.records[0]).toMatchObject({ ignoreTime: true });
  const details = {
    columns: ['$distinct_id', '$name', 'seats', 'paying', 'zip'],
    rows: 2,
    refused: 1,
  };
  expect(audits).toMatchObject([{ projectId: 7, action: 'people.import', details }]);
});

test('takes the names of the columns from outside, and leaves out those without one', async () => {
  const { batches } = await imported('ada,secret,pro\n', ['distinct_id', '', 'plan']);
  expect(peopleOf(batches)).toEqual([['ada', { operator: '$set', values: { plan: 'pro' } }]]);
});

test('whoever has no id is called by his e-mail address, or anew', async () => {
  const { batches } = await imported('$distinct_id,$email,plan\n,a@b.c,pro\n,,free\n');
  const [first, second] = peopleOf(batches) as [string, unknown][];
  expect(first?.[0]).toBe('a@b.c');
  expect(second?.[0]).toMatch(/^[0-9a-f-]{36}$/);
});

test('sends large files in several batches, and waits while the queue is full', async () => {
  const lines = Array.from({ length: 2500 }, (_, i) => `u${i},${i}\n`).join('');
  const { report, batches, looks } = await imported(lines, ['$distinct_id', 'n'], 2);
  expect(report.rows).toBe(2500);
  expect(batches.map(({ records }) => records.length)).toEqual([1000, 1000, 500]);
  expect(looks).toBe(5);
});

test.each([
  ['plan,plan\na,b\n', 'two columns are called "plan"'],
  ['$distinct_id\nada\n', 'no column is a property: the columns are ["$distinct_id"]'],
  [
    'distinct_id,$distinct_id,plan\na,b,c\n',
    'both $distinct_id and distinct_id are columns: name one of them otherwise',
  ],
])('refuses a file whose columns mean nothing: %j', async (csv, message) => {
  await expect(imported(csv)).rejects.toThrow(message);
});

test('tells which rows have another number of cells', async () => {
  const { report } = await imported('ada,pro\nbob\n', ['$distinct_id', 'plan']);
  const reason = 'it has 1 cells, and there are 2 columns';
  expect(report).toEqual({ rows: 1, refused: 1, problems: [{ line: 2, reason }] });
});
