/**
 * Where segments, dictionaries and snapshots lie: a flat set of named byte strings. An object is written
 * whole and never changes in the middle; nobody ever sees half of one. Errors are `ObjectStoreError`s.
 */
export interface ObjectStore {
  /** For logs: which store this is, without secrets. */
  readonly description: string;
  /**
   * Resolves when the object is durable. `ifAbsent`: an object that is there stays as it is, and of several
   * writers at the same time one gets 'stored'; a request that was repeated may answer 'exists' to the one
   * whose own bytes are there. Without it an object that is there is replaced.
   */
  put(
    key: string,
    bytes: Uint8Array,
    options?: { ifAbsent?: boolean },
  ): Promise<'stored' | 'exists'>;
  get(key: string): Promise<Uint8Array>;
  /** Exactly `length` bytes; BAD_RANGE where the object ends before. */
  getRange(key: string, offset: number, length: number): Promise<Uint8Array>;
  /** Writes the object to a file whose folder exists; the file appears whole and durable, or not at all. */
  download(key: string, path: string): Promise<void>;
  /** Every object whose key begins with the prefix, ascending by key. */
  list(prefix: string): AsyncIterable<ObjectInfo>;
  /** Objects that are not there count as deleted. */
  delete(keys: readonly string[]): Promise<void>;
  /** The file that holds an object, for stores whose objects are files on this machine; else null. */
  localPath(key: string): string | null;
  close(): void;
}

export interface ObjectInfo {
  readonly key: string;
  /** Bytes. */
  readonly size: number;
  readonly modifiedAt: Date;
}

/** What can go wrong, and whether the same call may succeed later. */
const codes = {
  /** There is no object of this key. */
  NOT_FOUND: { retry: false },
  /** The object ends before the range does. */
  BAD_RANGE: { retry: false },
  /** The key breaks the rules of `checkKey`: a mistake of the caller. */
  BAD_KEY: { retry: false },
  /** The configured address is none of a store. */
  BAD_ADDRESS: { retry: false },
  /** Credentials or rights are missing, or the bucket is: for the operator to mend. */
  DENIED: { retry: true },
  /** The store is away, busy, or a disk is full. */
  UNAVAILABLE: { retry: true },
} as const;

export type ObjectStoreErrorCode = keyof typeof codes;

export class ObjectStoreError extends Error {
  override readonly name = 'ObjectStoreError';
  readonly code: ObjectStoreErrorCode;
  /** The same call may succeed later. */
  readonly retry: boolean;

  constructor(code: ObjectStoreErrorCode, message: string, cause?: unknown) {
    super(message, { cause });
    this.code = code;
    this.retry = codes[code].retry;
  }
}

/** S3 allows 1024 bytes; file systems 255 a name. */
const keyLengthMax = 512;
const nameLengthMax = 200;

/**
 * Names of letters, digits, "-", "_", "." and "=", apart by "/"; none begins with ".". Such keys are the
 * same in every store: as file names, in addresses, and in the order in which they are listed.
 */
export function checkKey(key: string): void {
  const isGood =
    key.length <= keyLengthMax &&
    /^[\w=-][\w.=-]*(\/[\w=-][\w.=-]*)*$/.test(key) &&
    key.split('/').every((name) => name.length <= nameLengthMax);
  if (!isGood) {
    throw new ObjectStoreError(
      'BAD_KEY',
      `${JSON.stringify(key)} is no object key: names of a-z, A-Z, 0-9, "-", "_", "=" and "." (not first), ` +
        `apart by "/", ${nameLengthMax} characters each and ${keyLengthMax} in all`,
    );
  }
}

export const notFound = (key: string, cause?: unknown): ObjectStoreError =>
  new ObjectStoreError('NOT_FOUND', `there is no object ${key}`, cause);

export const badRange = (key: string, offset: number, length: number): ObjectStoreError =>
  new ObjectStoreError('BAD_RANGE', `object ${key} ends before ${offset} + ${length} bytes`);
