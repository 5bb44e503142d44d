import { expect, test } from 'vitest';
import type { ContentWriter } from './content-store.ts';
import { readMembers } from './read-upload.ts';

function rowsWriter() {
  const rows: (readonly string[])[] = [];
  const writer: ContentWriter = {
    contentId: 'content',
    add: (row) => Promise.resolve(void rows.push(row)),
    finish: () => Promise.resolve(),
  };
  return { rows, writer };
}

async function* file(text: string): AsyncGenerator<Uint8Array> {
  yield* await Promise.resolve([Buffer.from(text)]);
}

test('members of a file come behind those of before, each once', async () => {
  const { rows, writer } = rowsWriter();
  const csv = file('name,distinct_id\nAnn,ann\nBob,bob\nEve,eve\n');
  const report = await readMembers(csv, writer, ['cid', 'ann']);
  expect(rows).toEqual([['cid'], ['ann'], ['bob'], ['eve']]);
  expect(report).toMatchObject({
    rows: 4,
    refused: 1,
    problems: [{ line: 2, reason: 'its id "ann" was there before' }],
  });
});

test('a file without a column of ids leaves the members of before alone', async () => {
  const { rows, writer } = rowsWriter();
  await expect(readMembers(file('name\nAnn\n'), writer, ['cid'])).rejects.toThrow(
    'the first line names no column distinct_id, but ["name"]',
  );
  expect(rows).toEqual([]);
});
