import type { WordReader, WordWriter } from '../words.ts';
import { bitPackCodec } from './bit-pack.ts';
import { bitmapCodec } from './bitmap.ts';
import { blockPackCodec } from './block-pack.ts';
import { classPackCodec } from './class-pack.ts';
import { constantCodec } from './constant.ts';
import { exceptionsCodec } from './exceptions.ts';
import { rankedCodec } from './ranked.ts';
import { runLengthCodec } from './run-length.ts';
import type { SequenceCodec } from './sequence-codec.ts';
import { type SequenceStats, sequenceStats } from './sequence-stats.ts';
import { stepsCodec, zigzagCodec } from './steps.ts';

/** Of two that take the same, the first is taken. */
export const sequenceCodecs: readonly SequenceCodec[] = [
  constantCodec,
  bitPackCodec,
  blockPackCodec,
  runLengthCodec,
  stepsCodec,
  zigzagCodec,
  exceptionsCodec,
  bitmapCodec,
  classPackCodec,
  rankedCodec,
];

const codecById = new Map(sequenceCodecs.map((codec) => [codec.id, codec]));

/** How deep sequences lie in one another; more would hardly make them smaller. */
export const sequenceDepthMax = 3;

/** Writes the numbers in the form that takes the least; nothing for no numbers. */
export function encodeSequence(writer: WordWriter, values: Uint32Array, depth = 0): void {
  if (values.length === 0) return;
  const stats = sequenceStats(values);
  encodeWith(chooseCodec(values, stats, depth).codec, writer, values, { stats, depth });
}

/** A codec for numbers, and what it was chosen by. */
export interface SequenceChoice {
  readonly codec: SequenceCodec;
  readonly stats: SequenceStats;
  /** That the numbers will take, about. */
  readonly bits: number;
}

/** The codec for the numbers; null for no numbers, which take nothing. */
export function chooseSequence(values: Uint32Array): SequenceChoice | null {
  if (values.length === 0) return null;
  const stats = sequenceStats(values);
  return { stats, ...chooseCodec(values, stats, 0) };
}

/** Writes the numbers as was chosen for them. */
export function encodeChosen(
  writer: WordWriter,
  values: Uint32Array,
  choice: SequenceChoice | null,
): void {
  if (choice !== null) encodeWith(choice.codec, writer, values, { stats: choice.stats, depth: 0 });
}

/** The same with a codec that the caller chose. */
export function encodeWith(
  codec: SequenceCodec,
  writer: WordWriter,
  values: Uint32Array,
  { stats, depth }: { stats: SequenceStats; depth: number },
): void {
  const nest = (inner: Uint32Array): void => encodeSequence(writer, inner, depth + 1);
  codec.encode(writer, values, { stats, nest });
}

/** Bits that the numbers will take, about. */
export function estimateSequence(values: Uint32Array): number {
  return chooseSequence(values)?.bits ?? 0;
}

function chooseCodec(
  values: Uint32Array,
  stats: SequenceStats,
  depth: number,
): { codec: SequenceCodec; bits: number } {
  let codec = bitPackCodec;
  let bits = Infinity;
  let bestCost = Infinity;
  for (const candidate of sequenceCodecs) {
    if (candidate.isNesting && depth >= sequenceDepthMax) continue;
    const estimate = candidate.estimate(values, stats);
    const cost = estimate * candidate.handicap;
    if (cost >= bestCost) continue;
    codec = candidate;
    bits = estimate;
    bestCost = cost;
  }
  return { codec, bits };
}

/** Fills `target` with as many numbers as it holds. Raises `CORRUPT_SEGMENT`. */
export function decodeSequence(reader: WordReader, target: Uint32Array, depth = 0): void {
  if (target.length === 0) return;
  const word = reader.next();
  const codec = codecById.get(word & 0xff);
  if (codec === undefined) throw reader.corrupt(`codec ${word & 0xff} is unknown`);
  if (codec.isNesting && depth >= sequenceDepthMax) {
    throw reader.corrupt(`${codec.name} lies deeper than ${sequenceDepthMax} sequences`);
  }
  const nest = (inner: Uint32Array): void => decodeSequence(reader, inner, depth + 1);
  codec.decode(reader, target, { parameter: word >>> 8, nest });
}
