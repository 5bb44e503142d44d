/**
 * Every way in which the engine can say no. One closed table, so that a caller decides by code and a
 * missing case does not compile. `retry`: the same call may succeed later without a change of its input.
 * `status`: what an HTTP layer answers when the error reaches a client.
 */
export const engineErrors = {
  /** The question makes no sense; the text is written for the user who asked. */
  INVALID_QUERY: { status: 400, retry: false },
  /** The caller built a batch that cannot be written down (a limit, a value that is no JSON). */
  INVALID_BATCH: { status: 400, retry: false },
  /** The users and values of a file need more memory than can be had. */
  IMPORT_TOO_LARGE: { status: 413, retry: false },
  /** Bytes that claim to be a row batch and are not one, or were damaged on the way. */
  CORRUPT_BATCH: { status: 500, retry: false },
  /** A row-log file whose bytes are not what was written. */
  CORRUPT_LOG: { status: 500, retry: false },
  /** A file of users, people or covered batches whose bytes are not what was written. */
  CORRUPT_FILE: { status: 500, retry: false },
  /** A file that the catalog names cannot be read, or does not fit the others of its version. */
  CATALOG_UNREADABLE: { status: 503, retry: true },
  /** The caller gave rows that no segment can hold: too many, or not in its order. */
  INVALID_SEGMENT: { status: 500, retry: false },
  /** A segment file whose bytes are not what was written. */
  CORRUPT_SEGMENT: { status: 500, retry: false },
  /** A segment of one day was found where that of another belongs. */
  WRONG_DAY: { status: 500, retry: false },
  /** Written by a newer Arbor than the one that reads. */
  UNSUPPORTED_VERSION: { status: 500, retry: false },
  /** Data of one shard met another shard: isolation is checked at every layer. */
  WRONG_SHARD: { status: 500, retry: false },
  /** Data of one project met another project. */
  WRONG_PROJECT: { status: 500, retry: false },
  /** A thread that computed a query died, or made a mistake of ours. */
  SCAN_FAILED: { status: 500, retry: true },
  /** A plan names a list that is not here (any more): it must be sent first. */
  LIST_MISSING: { status: 409, retry: true },
  /** A list whose bytes are not those that its name stands for. */
  CORRUPT_LIST: { status: 400, retry: true },
  /** The disk refused a write or a sync: nothing of the batch counts as stored. */
  LOG_WRITE_FAILED: { status: 503, retry: true },
  /** The store is closed, or closing. */
  STORE_CLOSED: { status: 503, retry: true },
} as const satisfies Record<string, { readonly status: number; readonly retry: boolean }>;

export type EngineErrorCode = keyof typeof engineErrors;

/** The world's errors as the engine reports them. Our own mistakes are `AssertionError`s (assert.ts). */
export class EngineError extends Error {
  readonly code: EngineErrorCode;

  constructor(code: EngineErrorCode, message: string, options?: { readonly cause?: unknown }) {
    super(message, options);
    this.name = 'EngineError';
    this.code = code;
  }

  /** Whether the same call may succeed later. */
  get retry(): boolean {
    return engineErrors[this.code].retry;
  }

  get status(): number {
    return engineErrors[this.code].status;
  }
}
