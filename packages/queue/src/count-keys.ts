import type { IngestSource } from '@arbor/schema/ingest';
import type { LossReason } from '@arbor/schema/ingestion-health';

/**
 * Where the counts of a project lie in Redis. By the minute for some hours and by the hour for a week, as one hash an
 * hour each: a project that sends costs some kilobytes an hour, whatever it sends.
 */
export const minuteMs = 60_000;
export const hourMs = 60 * minuteMs;

/** Fields `<minute of the hour><a|r>`: how many records were accepted, refused. */
export const minutesKey = (project: number, hour: number): string =>
  `arbor:ingest:minutes:${project}:${hour}`;
export const minutesKeptSeconds = 3 * 3600;

/** Fields as `acceptedField`, `refusedField` and `lostField` make them. */
export const hourKey = (project: number, hour: number): string =>
  `arbor:ingest:hour:${project}:${hour}`;
export const hoursKeptSeconds = 8 * 24 * 3600;

/** When something came last, ms UTC, by `acceptedField`. */
export const lastKey = (project: number): string => `arbor:ingest:last:${project}`;
export const lastKeptSeconds = 31 * 24 * 3600;

export interface AcceptedKind {
  readonly source: IngestSource;
  /** "" = the records do not say. */
  readonly library: string;
}

export interface RefusedKind {
  readonly source: IngestSource;
  readonly code: string;
  readonly field: string;
  /** Without what the record said. */
  readonly reason: string;
}

/** JSON, for reasons and names of fields may hold anything. */
export const acceptedField = ({ source, library }: AcceptedKind): string =>
  JSON.stringify(['a', source, library]);
export const refusedField = ({ source, code, field, reason }: RefusedKind): string =>
  JSON.stringify(['r', source, code, field, reason]);
export const lostField = (reason: LossReason): string => JSON.stringify(['d', reason]);
