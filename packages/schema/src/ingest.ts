import { z } from 'zod';
import { propertiesSchema, propertyValueSchema } from './property-value.ts';

/**
 * What the edge puts on `ingest-live` and `ingest-bulk` and the ETL takes off: records that were
 * already judged good by the rules of the endpoint (`ingestion-api.md` 2-4), in the order they came.
 * Changing a shape here means a new `version`; the ETL accepts every version a queue may still hold.
 */
export const ingestEventSchema = z.object({
  kind: z.literal('event'),
  event: z.string().min(1),
  /** When it happened, ms UTC, after the endpoint's rules for missing and future times. */
  time: z.number().int(),
  /** The time as the client sent it when `time` had to be changed: the duplicate key holds this one. */
  sentTime: z.number().int().optional(),
  /** As sent, after `ingestion-api.md` 2.4 filled a missing one; "" = counts in totals, never as a user. */
  distinctId: z.string(),
  /** Always present: the edge makes one from the batch and the position where the client sent none. */
  insertId: z.string().min(1),
  /** Without protocol fields (token, ip, time, distinct_id, $insert_id, $ignore). */
  properties: propertiesSchema,
  /** Address to look up and then forget; absent = do not geolocate. */
  ip: z.string().optional(),
  /** Agent of the browser that sent it; absent = none or not a browser's own request. */
  userAgent: z.string().optional(),
});
export type IngestEvent = z.infer<typeof ingestEventSchema>;

/** Operators of `ingestion-api.md` 4.3, applied in this order when a record carries several. */
export const personOperators = [
  '$set',
  '$set_once',
  '$add',
  '$append',
  '$union',
  '$remove',
  '$unset',
  '$delete',
] as const;
export type PersonOperator = (typeof personOperators)[number];

export const personOperationSchema = z.discriminatedUnion('operator', [
  z.object({ operator: z.literal('$set'), values: propertiesSchema }),
  z.object({ operator: z.literal('$set_once'), values: propertiesSchema }),
  z.object({ operator: z.literal('$add'), values: z.record(z.string(), z.number()) }),
  z.object({ operator: z.literal('$append'), values: propertiesSchema }),
  z.object({
    operator: z.literal('$union'),
    values: z.record(z.string(), z.array(propertyValueSchema)),
  }),
  z.object({ operator: z.literal('$remove'), values: propertiesSchema }),
  z.object({ operator: z.literal('$unset'), names: z.array(z.string()) }),
  z.object({ operator: z.literal('$delete') }),
]);
export type PersonOperation = z.infer<typeof personOperationSchema>;

export const ingestPersonSchema = z.object({
  kind: z.literal('person'),
  distinctId: z.string().min(1),
  /** Time of the update, ms UTC: becomes `$last_seen` unless `ignoreTime`. */
  time: z.number().int(),
  operations: z.array(personOperationSchema).min(1),
  ignoreTime: z.boolean().optional(),
  /** `$ignore_alias`: use `distinctId` literally, do not resolve it. */
  ignoreAlias: z.boolean().optional(),
  /**
   * The client's `$insert_id`: of the updates with one `distinctId` and one of these, the first to arrive
   * is applied and no other. Absent = every copy is applied; the edge makes none, for it could not make
   * the same one for a resent copy.
   */
  insertId: z.string().min(1).optional(),
  ip: z.string().optional(),
});
export type IngestPerson = z.infer<typeof ingestPersonSchema>;

/** An update of a group's profile (`ingestion-api.md` 5). Identities know nothing of groups: both texts are literal. */
export const ingestGroupSchema = z.object({
  kind: z.literal('group'),
  /** Name of the event property whose values are the groups. */
  groupKey: z.string().min(1),
  groupId: z.string().min(1),
  /** As of an update of a person, and likewise the next three. */
  time: z.number().int(),
  operations: z.array(personOperationSchema).min(1),
  ignoreTime: z.boolean().optional(),
  insertId: z.string().min(1).optional(),
});
export type IngestGroup = z.infer<typeof ingestGroupSchema>;

/** A person's own decision that two identifiers are one user; nothing is stored but the link. */
export const ingestLinkSchema = z.object({
  kind: z.literal('link'),
  /** ms UTC. */
  time: z.number().int(),
  alias: z.string().min(1),
  user: z.string().min(1),
});
export type IngestLink = z.infer<typeof ingestLinkSchema>;

/** A person's own decision to take a link back. */
export const ingestUnlinkSchema = z.object({
  kind: z.literal('unlink'),
  /** ms UTC. */
  time: z.number().int(),
  /** Its number in the project's log of links. */
  link: z.number().int().positive(),
  /** Who takes it back, in words. */
  by: z.string(),
});
export type IngestUnlink = z.infer<typeof ingestUnlinkSchema>;

export const ingestRecordSchema = z.discriminatedUnion('kind', [
  ingestEventSchema,
  ingestPersonSchema,
  ingestGroupSchema,
  ingestLinkSchema,
  ingestUnlinkSchema,
]);
export type IngestRecord = z.infer<typeof ingestRecordSchema>;

export const ingestSourceSchema = z.enum(['track', 'import', 'engage', 'groups', 'sdk']);
export type IngestSource = z.infer<typeof ingestSourceSchema>;

/**
 * Raised by whatever workers of the version before could not read, also a new kind of record: they leave jobs of a greater
 * version alone until they are replaced.
 */
export const ingestBatchVersion = 1;

export const ingestBatchSchema = z.object({
  version: z.literal(ingestBatchVersion),
  /** Unique for ever; the ids of all batches made from it derive from it. */
  batchId: z.string().min(8),
  project: z.number().int().positive(),
  source: ingestSourceSchema,
  /** Arrival at the edge, ms UTC. */
  receivedAt: z.number().int(),
  /**
   * Order of arrival: greater = later. Ties of event time, "the latest copy wins" and the order of
   * operations on one person are all decided by (sequence, position in the batch), never by the
   * order in which queues happened to deliver. ms × 1000 + counter, so it fits a double.
   */
  sequence: z.number().int(),
  records: z.array(ingestRecordSchema).min(1),
});
export type IngestBatch = z.infer<typeof ingestBatchSchema>;
