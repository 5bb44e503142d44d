/** A code or number a row; as narrow as the column allows. */
export type CodeArray = Uint8Array | Uint16Array | Uint32Array;

/**
 * Makes the arrays that columns are decoded into, so that they are written where threads share them and not
 * copied there. What is in an array at first is not said.
 */
export interface ColumnMemory {
  bytes(count: number): Uint8Array;
  halves(count: number): Uint16Array;
  words(count: number): Uint32Array;
}

/** Ordinary memory of the thread. */
export const ownMemory: ColumnMemory = {
  bytes: (count) => new Uint8Array(count),
  halves: (count) => new Uint16Array(count),
  words: (count) => new Uint32Array(count),
};
