import { EngineError } from '../../base/errors.ts';
import { fileSource } from '../../format/segment/byte-source.ts';
import { SegmentFile } from '../../format/segment/segment-file.ts';
import type { SegmentFileSource } from './thread-messages.ts';

/** Indexes of files that are not open, about: of each thread, beside what its queries need. */
const restingBytesMax = 32 * 1024 * 1024;

/**
 * Segment files that one thread has open: those used last, because the events of a day are asked for one
 * after the other, and an open file keeps what its columns have in common. Of files used before them the
 * index stays, which takes longer to read than most columns.
 */
export class OpenSegments {
  readonly #filesMax: number;
  readonly #restingBytesMax: number;
  /**
   * By what it was checked to be and its path, the one used longest ago first: a file that is open for
   * one project must be refused to another as if it were opened anew.
   */
  readonly #files = new Map<string, SegmentFile>();
  readonly #resting = new Map<string, SegmentFile>();
  #restingBytes = 0;

  constructor(filesMax: number, restingMax = restingBytesMax) {
    this.#filesMax = filesMax;
    this.#restingBytesMax = restingMax;
  }

  /** To be used until the next `trim`. */
  open({ path, project, shard, day }: SegmentFileSource): SegmentFile {
    const key = `${project} ${shard} ${day} ${path}`;
    const known = this.#files.get(key) ?? this.#woken(key, path);
    const file = known ?? openFile(path, { project, shard, day });
    this.#files.delete(key);
    this.#files.set(key, file);
    return file;
  }

  /** Closes what is too many. A day may have more parts than that, so nothing closes while they are merged. */
  trim(): void {
    for (const [key, file] of this.#files) {
      if (this.#files.size <= this.#filesMax) break;
      this.#files.delete(key);
      file.rest();
      this.#resting.set(key, file);
      this.#restingBytes += file.indexBytes;
    }
    for (const key of this.#resting.keys()) {
      if (this.#restingBytes <= this.#restingBytesMax) return;
      this.#takeResting(key);
    }
  }

  /** Undefined = the file does not rest here, or is another one by now. */
  #woken(key: string, path: string): SegmentFile | undefined {
    const file = this.#takeResting(key);
    return file && reading(path, () => file.wake()) ? file : undefined;
  }

  #takeResting(key: string): SegmentFile | undefined {
    const file = this.#resting.get(key);
    if (file === undefined) return undefined;
    this.#resting.delete(key);
    this.#restingBytes -= file.indexBytes;
    return file;
  }
}

function openFile(
  path: string,
  expected: { project: number; shard: number; day: number },
): SegmentFile {
  return reading(path, () => SegmentFile.open(fileSource(path), expected));
}

/** What the file system says of the file is `CATALOG_UNREADABLE`. */
function reading<T>(path: string, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    if (cause instanceof EngineError) throw cause;
    const text = `segment ${path} cannot be read: ${cause instanceof Error ? cause.message : ''}`;
    throw new EngineError('CATALOG_UNREADABLE', text, { cause });
  }
}
