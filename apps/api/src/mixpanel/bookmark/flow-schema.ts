import { z } from 'zod';
import { filterEntrySchema } from './bookmark-schema.ts';

/** A flow as the headless client describes it (`query-api.md` 13.5): flat, without sections. */

const plainFilterSchema = z.object({
  property: z.union([
    z.string(),
    z.object({ name: z.string(), resourceType: z.string().nullish() }),
  ]),
  operator: z.string(),
  value: z.unknown().optional(),
});
export type PlainFilter = z.infer<typeof plainFilterSchema>;
const flowFilterSchema = z.union([plainFilterSchema, filterEntrySchema]);
export type FlowFilter = z.infer<typeof flowFilterSchema>;

const propertySchema = z.object({
  property: z.string(),
  event: z.string().nullish(),
  resourceType: z.string().nullish(),
});

const pastSchema = z.object({ unit: z.string(), value: z.number() });

export const flowBookmarkSchema = z.object({
  steps: z
    .array(
      z.object({
        event: z.string().min(1),
        step_label: z.string().nullish(),
        forward: z.number().int().min(0).max(5).nullish(),
        reverse: z.number().int().min(0).max(5).nullish(),
        bool_op: z.enum(['and', 'or']).nullish(),
        property_filter_params_list: z.array(flowFilterSchema).nullish(),
      }),
    )
    .min(1)
    .max(10),
  date_range: z.object({
    type: z.string(),
    from_date: z.union([z.string(), pastSchema]),
    to_date: z.string().nullish(),
  }),
  count_type: z.enum(['unique', 'total', 'session']).default('unique'),
  cardinality_threshold: z.number().int().min(1).max(50).default(3),
  conversion_window: pastSchema.default({ unit: 'day', value: 7 }),
  collapse_repeated: z.boolean().default(false),
  hidden_events: z.array(z.string()).default([]),
  exclusions: z.array(z.union([z.string(), z.object({ event: z.string() })])).default([]),
  where: z.array(flowFilterSchema).default([]),
  filter_by_cohort: z
    .object({
      id: z.union([z.string(), z.number()]).nullish(),
      name: z.string().nullish(),
      negated: z.boolean().nullish(),
      raw_cohort: z.unknown().optional(),
    })
    .nullish(),
  segment_by: z.array(propertySchema).max(1).default([]),
  group_by: z.array(propertySchema).default([]),
  aggregate_by: z.array(propertySchema).max(3).default([]),
});
export type FlowBookmark = z.infer<typeof flowBookmarkSchema>;
