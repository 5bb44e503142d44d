import { expect, it } from 'vitest';
import { type ImportBatch } from './batches.ts';
import { OpenLines } from './open-lines.ts';

const batch = (kind: ImportBatch['kind'], ...lines: number[]): ImportBatch => ({
  kind,
  lines,
  records: lines.map(String),
});

it('goes on where the first record is that nobody has answered', async () => {
  const open = new OpenLines();
  const kinds = ['event', 'person', 'event', 'refused', 'event'] as const;
  async function* records() {
    for (const [i, kind] of kinds.entries()) {
      yield await Promise.resolve({ kind, line: i + 1, json: '', reason: '' } as never);
    }
  }
  for await (const _ of open.of(records()));
  expect(open.first()).toBe(1);
  // The event of line 5 did not fit into the first request.
  const first = batch('event', 1, 3);
  open.sending(first);
  const last = batch('event', 5);
  open.sending(last);
  open.answered(last);
  expect(open.first()).toBe(1);
  open.answered(first);
  expect(open.first()).toBe(2);
  const people = batch('person', 2);
  open.sending(people);
  open.answered(people);
  expect(open.first()).toBe(6);
});
