import { batchDigest, decodeCoveredFile, updateDigest } from '../format/covered-file.ts';
import { DigestSet } from './digest-set.ts';

/** One covered file, as it is looked up. */
export class CoveredFileDigests {
  readonly batches: DigestSet;
  readonly updates: DigestSet;

  /** Errors: see `decodeCoveredFile`. */
  constructor(bytes: Uint8Array, shard: number) {
    const pieces = decodeCoveredFile(bytes, shard);
    this.batches = new DigestSet(Buffer.concat(pieces.map((piece) => piece.batches)));
    this.updates = new DigestSet(Buffer.concat(pieces.map((piece) => piece.updates)));
  }
}

/**
 * The batches, and the updates of people with an insert id, that lie in the catalog's files by now. What
 * comes again is known for as long as the covered files remember it (format/covered-file.ts).
 */
export class CoveredBatches {
  readonly #files: readonly CoveredFileDigests[];

  constructor(files: readonly CoveredFileDigests[] = []) {
    this.#files = files;
  }

  hasBatch(batchId: string): boolean {
    if (this.#files.length === 0) return false;
    const digest = batchDigest(batchId);
    return this.#files.some(({ batches }) => batches.has(digest));
  }

  hasUpdate(project: number, distinctId: string, insertId: string): boolean {
    if (this.#files.length === 0) return false;
    const digest = updateDigest(project, distinctId, insertId);
    return this.#files.some(({ updates }) => updates.has(digest));
  }
}
