import { EngineError } from '../base/errors.ts';
import {
  batchDigest,
  openCoveredFile,
  readLedger,
  type StoredLedgerSection,
  updateDigest,
} from '../format/covered-file.ts';
import { isInLedger, type Ledger, markOf } from '../format/covered-ledger.ts';
import { fileSource } from '../format/segment/byte-source.ts';
import { DigestSet } from './digest-set.ts';
import type { CatalogFile } from './shard-catalog.ts';

/** One covered file, as it is looked up. Its ledger stays on the disk but for the section that was read last. */
export class CoveredFileDigests {
  readonly batches: DigestSet;
  readonly updates: DigestSet;
  readonly #file: CatalogFile;
  readonly #sections: readonly StoredLedgerSection[];
  #read: { readonly section: StoredLedgerSection; readonly ledger: Ledger } | undefined;

  /** Errors: see `openCoveredFile`. */
  constructor(file: CatalogFile, bytes: Uint8Array, shard: number) {
    const { pieces, ledger } = openCoveredFile(bytes, shard);
    this.batches = new DigestSet(Buffer.concat(pieces.map((piece) => piece.batches)));
    this.updates = new DigestSet(Buffer.concat(pieces.map((piece) => piece.updates)));
    this.#file = file;
    this.#sections = ledger;
  }

  /** Whether the ledger has the batch. Those that come late come in order, so one section answers for many. */
  isInLedger(sequence: number, mark: Uint8Array): boolean {
    const sections = this.#sections;
    let after = 0;
    let end = sections.length;
    while (after < end) {
      const middle = (after + end) >>> 1;
      if (sections[middle].first <= sequence) after = middle + 1;
      else end = middle;
    }
    // Batches of one sequence may begin in the section before.
    for (let i = after - 1; i >= 0; i--) {
      if (isInLedger(this.#ledger(sections[i]), sequence, mark)) return true;
      if (sections[i].first < sequence) return false;
    }
    return false;
  }

  #ledger(section: StoredLedgerSection): Ledger {
    if (this.#read?.section === section) return this.#read.ledger;
    const ledger = readLedger(section, this.#bytesOf(section));
    this.#read = { section, ledger };
    return ledger;
  }

  #bytesOf({ entry }: StoredLedgerSection): Uint8Array {
    const { id, path } = this.#file;
    try {
      const source = fileSource(path);
      try {
        return source.read(entry.at, entry.storedBytes);
      } finally {
        source.close();
      }
    } catch (cause) {
      throw new EngineError(
        'CATALOG_UNREADABLE',
        `file ${id} of the catalog cannot be read at ${path}: fetch it again`,
        { cause },
      );
    }
  }
}

/**
 * The batches, and the updates of people with an insert id, that lie in the catalog's files by now. What comes again is
 * known for as long as the covered files remember it (format/covered-file.ts); a batch with updates of people for
 * ever, for nothing else would tell them from new ones.
 */
export class CoveredBatches {
  readonly #files: readonly CoveredFileDigests[];

  constructor(files: readonly CoveredFileDigests[] = []) {
    this.#files = files;
  }

  /** Throws `CATALOG_UNREADABLE` or `CORRUPT_FILE` where only a ledger could tell and it cannot be read. */
  hasBatch(
    { batchId, sequence }: { readonly batchId: string; readonly sequence: number },
    { hasPeople }: { readonly hasPeople: boolean },
  ): boolean {
    if (this.#files.length === 0) return false;
    const digest = batchDigest(batchId);
    if (this.#files.some(({ batches }) => batches.has(digest))) return true;
    if (!hasPeople) return false;
    return this.#files.some((file) => file.isInLedger(sequence, markOf(digest)));
  }

  hasUpdate(project: number, distinctId: string, insertId: string): boolean {
    if (this.#files.length === 0) return false;
    const digest = updateDigest(project, distinctId, insertId);
    return this.#files.some(({ updates }) => updates.has(digest));
  }
}
