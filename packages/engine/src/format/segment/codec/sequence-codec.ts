import type { WordReader, WordWriter } from '../words.ts';
import type { SequenceStats } from './sequence-stats.ts';

/**
 * One way to write down a list of numbers of 32 bits. How many there are is known from elsewhere and is
 * not written. The first word holds the codec's id in its low 8 bits and a parameter of the codec above.
 */
export interface SequenceCodec {
  /** Never renumbered, never reused (constants.ts). */
  readonly id: number;
  readonly name: string;
  /** Whether other sequences lie inside it: bounded to a few levels. */
  readonly isNesting: boolean;
  /** Time to decode counts as well: what a smaller form must be multiplied by before it is called smaller. */
  readonly handicap: number;
  /** Bits it would take, about; Infinity where it cannot hold these numbers. At least one number. */
  readonly estimate: (values: Uint32Array, stats: SequenceStats) => number;
  readonly encode: (writer: WordWriter, values: Uint32Array, context: EncodeContext) => void;
  /** Fills the whole of `target`, which is not empty. Raises `CORRUPT_SEGMENT`. */
  readonly decode: (reader: WordReader, target: Uint32Array, context: DecodeContext) => void;
}

export interface EncodeContext {
  readonly stats: SequenceStats;
  readonly nest: (values: Uint32Array) => void;
}

export interface DecodeContext {
  readonly parameter: number;
  readonly nest: (target: Uint32Array) => void;
}
