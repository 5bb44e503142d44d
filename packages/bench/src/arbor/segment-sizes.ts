import { fileSource } from '@arbor/engine/segment-source';
import { SegmentColumns } from '@arbor/engine/segment-columns';

type SegmentIndex = SegmentColumns['index'];
type BlockRef = NonNullable<SegmentIndex['users']>;

/** Parts of a segment that are no property, by where the index keeps their blocks. */
const envelope: Readonly<Record<string, string>> = {
  batchSequences: 'batch',
  batchThresholds: 'batch',
  batches: 'batch',
  users: 'user',
  runs: 'user',
  firstTimes: 'time',
  times: 'time',
  tieRanks: 'order of arrival',
  sentIdTexts: 'id as sent',
  sentIds: 'id as sent',
  sentTimes: 'time as sent',
  insertIds: '$insert_id',
};

/** Bytes by column over segment files; what is left of a file is its header, index and padding. */
export function segmentColumnBytes(files: readonly string[]): Map<string, number> {
  const bytes = new Map<string, number>();
  const add = (name: string, size: number): void => {
    bytes.set(name, (bytes.get(name) ?? 0) + size);
  };
  for (const file of files) {
    const source = fileSource(file);
    const columns = new SegmentColumns(source, undefined);
    let counted = 0;
    for (const [name, ref] of blocksOf(columns.index)) {
      add(name, ref.bytes);
      counted += ref.bytes;
    }
    add('header and index', source.size - counted);
    columns.close();
  }
  return new Map([...bytes].filter(([, size]) => size > 0).sort((a, b) => b[1] - a[1]));
}

function* blocksOf(index: SegmentIndex): Generator<[column: string, ref: BlockRef]> {
  yield* envelopeBlocks(index);
  const names = index.properties.map(({ name }) => name);
  for (const { name, numbers, texts, nested, base } of index.properties) {
    for (const ref of [numbers, texts, nested, base]) if (ref) yield [name, ref];
  }
  for (const event of index.events) {
    yield* envelopeBlocks(event);
    for (const { property, codes } of event.columns) if (codes) yield [names[property], codes];
  }
}

function* envelopeBlocks(holder: object): Generator<[column: string, ref: BlockRef]> {
  for (const [key, column] of Object.entries(envelope)) {
    // A key of the table that this holder lacks gives nothing.
    const ref = (holder as Record<string, BlockRef | null | undefined>)[key];
    if (ref) yield [column, ref];
  }
}
