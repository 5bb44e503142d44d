import type { Row } from '../peers/peer.ts';
import { median } from './median.ts';

/** One engine's figures for one question; ms and MiB. */
export interface EngineFigures {
  readonly warmMs: number;
  readonly warmMsMin: number;
  readonly warmMsMax: number;
  readonly runs: number;
  readonly coldMs: number | null;
  /** Median processor time of a warm run: below threads × time when others had the cores. */
  readonly cpuMs: number;
  readonly peakMemoryMb: number | null;
  /** Arbor: the peak without the columns it keeps between queries. */
  readonly ownMemoryMb?: number;
}

/** What one process of an engine measured. */
export interface Round {
  readonly coldMs: number | null;
  readonly warmMs: readonly number[];
  readonly cpuMs: readonly number[];
  readonly peakMemoryMb: number | null;
  readonly ownMemoryMb?: number;
  readonly rows: readonly Row[];
}

export function figuresOf(rounds: readonly Round[]): EngineFigures {
  const warm = rounds.flatMap(({ warmMs }) => warmMs);
  const peaks = rounds.flatMap(({ peakMemoryMb }) => peakMemoryMb ?? []);
  const own = rounds.flatMap(({ ownMemoryMb }) => ownMemoryMb ?? []);
  return {
    warmMs: median(warm),
    warmMsMin: Math.min(...warm),
    warmMsMax: Math.max(...warm),
    runs: warm.length,
    coldMs: rounds.find(({ coldMs }) => coldMs !== null)?.coldMs ?? null,
    cpuMs: median(rounds.flatMap(({ cpuMs }) => cpuMs)),
    peakMemoryMb: peaks.length === 0 ? null : Math.max(...peaks),
    ...(own.length === 0 ? {} : { ownMemoryMb: Math.max(...own) }),
  };
}
