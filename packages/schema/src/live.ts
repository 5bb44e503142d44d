import { z } from 'zod';
import { propertiesSchema } from './property-value.ts';
import { ingestSourceSchema } from './ingest.ts';

/** A record that the edge refused. */
export const rejectedEntrySchema = z.object({
  kind: z.literal('rejected'),
  id: z.string(),
  receivedAt: z.number(),
  source: ingestSourceSchema,
  field: z.string().optional(),
  /** In words, for the developer who sent it. */
  reason: z.string(),
  /** The record as sent, cut to 4 KB of JSON text. */
  record: z.string(),
});
export type RejectedEntry = z.infer<typeof rejectedEntrySchema>;

/** One row of the Live view; an entry of the project's Redis stream (`ux.md` 15). */
export const liveEntrySchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('event'),
    /** Unique and the same under redelivery: batch id and position. */
    id: z.string(),
    receivedAt: z.number(),
    source: ingestSourceSchema,
    event: z.string(),
    time: z.number(),
    distinctId: z.string(),
    /** Canonical id after identity resolution. */
    user: z.string(),
    insertId: z.string(),
    properties: propertiesSchema,
  }),
  z.object({
    kind: z.literal('person'),
    id: z.string(),
    receivedAt: z.number(),
    source: ingestSourceSchema,
    time: z.number(),
    distinctId: z.string(),
    user: z.string(),
    /** Operators with the names they touch, for example `{"$set": {"plan": "pro"}}`. */
    operations: z.record(z.string(), z.unknown()),
  }),
  z.object({
    kind: z.literal('alias'),
    id: z.string(),
    receivedAt: z.number(),
    source: ingestSourceSchema,
    time: z.number(),
    /** The identifier that was added to the user, and the user it now belongs to. */
    alias: z.string(),
    user: z.string(),
    /** Present when the link was refused: why, in words. */
    refused: z.string().optional(),
  }),
  rejectedEntrySchema,
]);
export type LiveEntry = z.infer<typeof liveEntrySchema>;

/** What Live may be asked to show; applied on the server. */
export const liveFilterSchema = z.object({
  kinds: z.array(z.enum(['event', 'person', 'alias', 'rejected'])).optional(),
  event: z.string().optional(),
  /** Matches the identifier as sent or the canonical id. */
  user: z.string().optional(),
});
export type LiveFilter = z.infer<typeof liveFilterSchema>;
