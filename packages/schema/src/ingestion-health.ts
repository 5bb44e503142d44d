import { z } from 'zod';
import { refusalReasonSchema } from './imports.ts';
import { ingestSourceSchema } from './ingest.ts';
import { rejectedEntrySchema } from './live.ts';

/** How ingestion of a project is (`ux.md` 21, Health), and what it refused. */

/** The last hour by minutes, or the last day or week by hours. */
export const healthSpanSchema = z.enum(['hour', 'day', 'week']);
export type HealthSpan = z.infer<typeof healthSpanSchema>;

/** Records that are refused for one reason. What stands between quotes in a reason is left out. */
export const refusalSchema = refusalReasonSchema.extend({
  source: ingestSourceSchema,
  /** What kind of problem it is. */
  code: z.string(),
  /** Path of the field as it was sent; "" = the record. */
  field: z.string(),
});
export type Refusal = z.infer<typeof refusalSchema>;

/** Why a browser had to give records up: more waited than it may keep, for too long, or too many came at once. */
export const lossReasonSchema = z.enum(['size', 'age', 'rate']);
export type LossReason = z.infer<typeof lossReasonSchema>;

export const ingestionHealthSchema = z.object({
  span: healthSpanSchema,
  /** ms UTC. */
  checkedAt: z.number(),
  /** Oldest first, without gaps; the last one is not over. */
  buckets: z.array(
    z.object({ startMs: z.number(), accepted: z.number().int(), refused: z.number().int() }),
  ),
  /** Of accepted records, most frequent first. */
  sources: z.array(
    z.object({
      source: ingestSourceSchema,
      /** `mp_lib` of events; "" = they do not say. */
      library: z.string(),
      accepted: z.number().int(),
      lastMs: z.number().nullable(),
    }),
  ),
  refusals: z.array(refusalSchema),
  /** Records that our browser SDK gave up before they could be sent, as it told later (`$dropped`). */
  lost: z.array(z.object({ reason: lossReasonSchema, count: z.number().int() })),
  /** When a record was accepted last, ms UTC; null = not in a month. */
  lastMs: z.number().nullable(),
  /** Of the whole installation. */
  lanes: z.array(
    z.object({
      lane: z.enum(['live', 'bulk']),
      /** Age of the oldest record that no replica has, ms. */
      behindMs: z.number(),
      jobs: z.number().int(),
    }),
  ),
  zones: z.array(
    z.object({
      zone: z.string(),
      replicas: z.array(
        z.object({
          name: z.string(),
          serving: z.boolean(),
          /** Age of the oldest batch that waits for it, ms. */
          lagMs: z.number(),
          /** Files of its row log of which something could not be read; absent = none. */
          damagedLogs: z.number().int().optional(),
        }),
      ),
    }),
  ),
  /** Batches that can never be stored, put away to be looked at. */
  deadLetters: z.number().int(),
});
export type IngestionHealth = z.infer<typeof ingestionHealthSchema>;

/** Which refused records are shown; all conditions must hold. */
export const refusedFilterSchema = z.object({
  source: ingestSourceSchema.optional(),
  field: z.string().optional(),
  reason: z.string().optional(),
});
export type RefusedFilter = z.infer<typeof refusedFilterSchema>;

/** Refused records that were kept to be looked at, newest first. */
export const refusedPageSchema = z.object({
  records: z.array(rejectedEntrySchema),
  /** Null = this was the last page. */
  next: z.string().nullable(),
});
export type RefusedPage = z.infer<typeof refusedPageSchema>;
