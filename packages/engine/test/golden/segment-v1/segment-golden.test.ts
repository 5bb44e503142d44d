import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { bytesSource } from '../../../src/format/segment/byte-source.ts';
import { encodeSegment } from '../../../src/format/segment/encode-segment.ts';
import { SegmentFile } from '../../../src/format/segment/segment-file.ts';
import { rowsOfTwin, type SegmentTwin, twinOfRows } from './twin.ts';

/**
 * Segments of version 1 stay readable for ever: these files are never edited. A new case is two new files,
 * made by add-case.ts. That the same rows are still written as the same bytes is not asked: a writer may
 * choose better codecs.
 */
const names = readdirSync(import.meta.dirname)
  .filter((name) => name.endsWith('.arsg'))
  .map((name) => basename(name, '.arsg'));

const twinOf = (name: string): SegmentTwin =>
  JSON.parse(readFileSync(join(import.meta.dirname, `${name}.json`), 'utf8')) as SegmentTwin;

const open = (bytes: Uint8Array): SegmentFile => SegmentFile.open(bytesSource(bytes));

describe('golden segments of version 1', () => {
  it.each(names)('%s is read as its JSON twin says', (name) => {
    const file = open(readFileSync(join(import.meta.dirname, `${name}.arsg`)));
    const { project, shard, day } = file;
    expect(twinOfRows(file.rows(), { project, shard, day })).toStrictEqual(twinOf(name));
  });

  it.each(names)('%s is written so that it reads the same today', (name) => {
    const twin = twinOf(name);
    const file = open(encodeSegment(rowsOfTwin(twin), twin));
    expect(twinOfRows(file.rows(), file)).toMatchObject({ ...twin });
  });

  it('one-event is the worked example of the description', () => {
    const path = join(import.meta.dirname, '../../../src/format/FORMAT-SEGMENT.md');
    const bytes = readFileSync(join(import.meta.dirname, 'one-event.arsg'));
    const lines = readFileSync(path, 'utf8')
      .split('\n')
      .flatMap((line) => /^([0-9a-f]{4}) {2}((?:[0-9a-f]{2} {1,2})+) /.exec(line) ?? []);
    let compared = 0;
    for (let i = 0; i < lines.length; i += 3) {
      const offset = Number.parseInt(lines[i + 1], 16);
      const described = Buffer.from(lines[i + 2].replaceAll(' ', ''), 'hex');
      expect(bytes.subarray(offset, offset + described.length)).toEqual(described);
      compared += described.length;
    }
    expect(compared).toBeGreaterThan(300);
  });
});
