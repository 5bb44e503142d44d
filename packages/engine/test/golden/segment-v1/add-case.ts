import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { bytesSource } from '../../../src/format/segment/byte-source.ts';
import { encodeSegment } from '../../../src/format/segment/encode-segment.ts';
import { SegmentFile } from '../../../src/format/segment/segment-file.ts';
import { rowsOfTwin, type SegmentTwin, twinOfRows } from './twin.ts';

/**
 * `tsx test/golden/segment-v1/add-case.ts test/golden/segment-v1/name.json` writes `name.arsg`, and the JSON again
 * with the codes that the segment gave. What exists is never written over.
 */
for (const path of process.argv.slice(2)) {
  const target = path.replace(/\.json$/, '.arsg');
  if (existsSync(target)) throw new Error(`${target} exists: golden files are never edited`);
  const twin = JSON.parse(readFileSync(path, 'utf8')) as SegmentTwin;
  const bytes = encodeSegment(rowsOfTwin(twin), twin);
  writeFileSync(target, bytes);
  const rows = SegmentFile.open(bytesSource(bytes)).rows();
  const { project, shard, day } = twin;
  writeFileSync(path, `${JSON.stringify(twinOfRows(rows, { project, shard, day }))}\n`);
}
