import fs from 'node:fs';
import path from 'node:path';
import { encodeDay } from '@arbor/engine/rewrite';
import { endWith, programJob } from '../child-process.ts';
import { readDay, writeWhole } from '../world/native-file.ts';
import { dayCount, dayMs, firstDayMs } from '../world/vocabulary.ts';
import { benchProject, benchShard } from './bench-project.ts';
import { batchCountOf, dayRows } from './day-rows.ts';

/** Program: encodes every `parts`-th day as a segment. */
export interface EncodeJob {
  readonly root: string;
  /** Ordinals by number of the user, u32. */
  readonly ordinalsFile: string;
  /** Segments are left here, as `NNN.arseg`. */
  readonly outDirectory: string;
  readonly rowCounts: readonly number[];
  readonly insertIds: boolean;
  readonly part: number;
  readonly parts: number;
}

export interface EncodedDay {
  readonly day: number;
  readonly file: string;
  readonly rowCount: number;
  readonly meta: unknown;
}

export interface DaysEncoded {
  readonly days: readonly EncodedDay[];
  /** Time in the segment writer alone. */
  readonly encodeSeconds: number;
}

const job = programJob<EncodeJob>();
const ordinals = readOrdinals(job.ordinalsFile);
const days: EncodedDay[] = [];
let encodeMs = 0;
let firstSequence = 1;
for (let index = 0; index < dayCount; index++) {
  if (index % job.parts === job.part) days.push(encode(index));
  firstSequence += batchCountOf(job.rowCounts[index]);
}
const answer: DaysEncoded = { days, encodeSeconds: encodeMs / 1000 };
endWith(answer);

function encode(index: number): EncodedDay {
  const name = String(index).padStart(3, '0');
  const columns = readDay(path.join(job.root, 'days', `${name}.native`));
  const rows = dayRows(columns, { day: index, ordinals, firstSequence, insertIds: job.insertIds });
  const day = firstDayMs / dayMs + index;
  const started = performance.now();
  const { bytes, meta } = encodeDay({ project: benchProject.id, shard: benchShard, day }, rows);
  encodeMs += performance.now() - started;
  const file = path.join(job.outDirectory, `${name}.arseg`);
  writeWhole(file, bytes);
  return { day, file, rowCount: rows.rowCount, meta };
}

function readOrdinals(file: string): Uint32Array {
  const bytes = fs.readFileSync(file);
  return new Uint32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
}
