import type { WantedBlocks } from '../../format/segment/segment-file.ts';
import { EngineError } from '../../base/errors.ts';
import type { OpenSegments } from './open-segments.ts';
import type { LoadOrder, SegmentFileSource } from './thread-messages.ts';

const columnPrefix = 'column ';

/**
 * Has the disk read what the orders will decode, while the thread is at those before them: it would wait for each
 * column otherwise. Of files that cannot be read nothing is said here: their orders fail when it is their turn.
 */
export function readAhead(orders: readonly LoadOrder[], files: OpenSegments): void {
  for (const { file, wants } of wantedOf(orders)) {
    try {
      files.open(file).readAhead(wants);
    } catch (error) {
      if (!(error instanceof EngineError)) throw error;
    }
  }
}

interface WantedFile {
  readonly file: SegmentFileSource;
  readonly wants: WantedBlocks[];
}

function wantedOf(orders: readonly LoadOrder[]): Iterable<WantedFile> {
  const byPath = new Map<string, WantedFile>();
  for (const order of orders) {
    const wanted = blocksOf(order);
    for (const index of order.present) {
      const part = order.parts[index];
      if (part.type !== 'segment') continue;
      const { file } = part;
      let own = byPath.get(file.path);
      if (own === undefined) byPath.set(file.path, (own = { file, wants: [] }));
      if (wanted !== null) own.wants.push(wanted);
    }
  }
  return byPath.values();
}

/** Null = no more than the users of the day. */
function blocksOf({ event, pieces }: LoadOrder): WantedBlocks | null {
  // Who was there at all, files mostly say by themselves.
  if (event === null && pieces.every((name) => name === 'active users')) return null;
  return {
    event,
    times: pieces.some((name) => name === 'times' || name === 'active firsts'),
    ties: pieces.some((name) => name.startsWith('ties')),
    properties: pieces
      .filter((name) => name.startsWith(columnPrefix))
      .map((name) => name.slice(columnPrefix.length)),
  };
}
