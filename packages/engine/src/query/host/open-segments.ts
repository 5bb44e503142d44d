import { EngineError } from '../../base/errors.ts';
import { fileSource } from '../../format/segment/byte-source.ts';
import { SegmentFile } from '../../format/segment/segment-file.ts';
import type { SegmentFileSource } from './thread-messages.ts';

/**
 * Segment files that one thread has open: those used last, because the events of a day are asked for one
 * after the other, and an open file keeps what its columns have in common.
 */
export class OpenSegments {
  readonly #filesMax: number;
  /**
   * By what it was checked to be and its path, the one used longest ago first: a file that is open for
   * one project must be refused to another as if it were opened anew.
   */
  readonly #files = new Map<string, SegmentFile>();

  constructor(filesMax: number) {
    this.#filesMax = filesMax;
  }

  /** To be used until the next `trim`. */
  open({ path, project, shard, day }: SegmentFileSource): SegmentFile {
    const key = `${project} ${shard} ${day} ${path}`;
    const known = this.#files.get(key);
    const file = known ?? openFile(path, { project, shard, day });
    this.#files.delete(key);
    this.#files.set(key, file);
    return file;
  }

  /** Closes what is too many. A day may have more parts than that, so nothing closes while they are merged. */
  trim(): void {
    for (const [key, file] of this.#files) {
      if (this.#files.size <= this.#filesMax) return;
      this.#files.delete(key);
      file.close();
    }
  }
}

function openFile(path: string, expected: { project: number; shard: number; day: number }) {
  try {
    return SegmentFile.open(fileSource(path), expected);
  } catch (cause) {
    if (cause instanceof EngineError) throw cause;
    const text = `segment ${path} cannot be read: ${cause instanceof Error ? cause.message : ''}`;
    throw new EngineError('CATALOG_UNREADABLE', text, { cause });
  }
}
