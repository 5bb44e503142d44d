// The entry of a thread that sorts and encodes days of a bulk import, one after the other.
import { parentPort } from 'node:worker_threads';
import { buildDay } from '@arbor/engine/import/build-day';
import type { ImportColumns } from '@arbor/engine/import/import-columns';
import { NamesMirror } from '@arbor/engine/import/learned-names';
import { encodeDay, type NewSegment } from '@arbor/engine/rewrite';
import type { DayTask, FromBuilder, ToBuilder } from './build-messages.ts';

const port = parentPort;
if (port === null) throw new Error('build-thread is the entry of a thread, not a program');

const names = new NamesMirror();
let columns: ImportColumns | undefined;

port.on('message', (message: ToBuilder) => {
  if (message.type === 'chunk') {
    names.learn(message.chunk.learned);
    ({ columns } = message.chunk);
    return;
  }
  const { id, task } = message;
  try {
    const segment = build(task);
    port.postMessage({ id, segment } satisfies FromBuilder, [segment.bytes.buffer as ArrayBuffer]);
  } catch (error) {
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    port.postMessage({ id, error: text } satisfies FromBuilder);
  }
});

function build({ project, shard, day, rows, users, sequence }: DayTask): NewSegment {
  if (columns === undefined) throw new Error('a day was asked for before its chunk');
  const built = buildDay({ columns, names, users, sequence }, day, rows);
  return encodeDay({ project, shard, day }, built);
}
