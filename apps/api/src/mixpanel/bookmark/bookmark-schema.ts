import { z } from 'zod';

/**
 * A report as Mixpanel's web application and its headless client describe it (`query-api.md` 13.2, 13.3). Only what is
 * understood is named: further fields are ignored, as their servers do.
 */

const cohortEntrySchema = z.object({
  id: z.union([z.string(), z.number()]).nullish(),
  name: z.string().nullish(),
  negated: z.boolean().nullish(),
  raw_cohort: z.unknown().optional(),
});
export type CohortEntry = z.infer<typeof cohortEntrySchema>;

const rangeTypeSchema = z.object({
  dateRangeType: z.string().nullish(),
  /** Some writers have it in this place. */
  type: z.string().nullish(),
  unit: z.string().nullish(),
  value: z.unknown().optional(),
  window: z.object({ unit: z.string(), value: z.number() }).nullish(),
});
export type TimeEntry = z.infer<typeof rangeTypeSchema>;

const composedSchema = z.object({
  displayFormula: z.string(),
  composedProperties: z
    .record(
      z.string(),
      z.object({
        value: z.string(),
        type: z.string().nullish(),
        resourceType: z.string().nullish(),
      }),
    )
    .default({}),
  propertyType: z.string().nullish(),
});

/** A property by its name, as a custom one, or as a saved custom one. */
const propertyFields = {
  value: z.unknown().optional(),
  propertyName: z.string().nullish(),
  name: z.string().nullish(),
  resourceType: z.string().nullish(),
  customPropertyId: z.union([z.string(), z.number()]).nullish(),
  customProperty: composedSchema.nullish(),
};
export interface PropertyEntry {
  readonly value?: unknown;
  readonly propertyName?: string | null | undefined;
  readonly name?: string | null | undefined;
  readonly resourceType?: string | null | undefined;
  readonly customPropertyId?: string | number | null | undefined;
  readonly customProperty?: z.infer<typeof composedSchema> | null | undefined;
}

export interface FilterEntry extends PropertyEntry {
  readonly filterType?: string | null | undefined;
  readonly defaultType?: string | null | undefined;
  readonly filterOperator?: string | null | undefined;
  readonly filterValue?: unknown;
  readonly filterDateUnit?: string | null | undefined;
  readonly filterJoinType?: string | null | undefined;
  readonly listQuantifier?: string | null | undefined;
  readonly listItemFilters?: FilterEntry[] | null | undefined;
  readonly behavior?: FrequencyEntry | null | undefined;
}
/** How often somebody did something (13.3). */
export interface FrequencyEntry {
  readonly behaviorType?: string | null | undefined;
  readonly event: { readonly value: string };
  readonly aggregationOperator?: string | null | undefined;
  readonly filters?: FilterEntry[] | null | undefined;
  readonly dateRange?: TimeEntry | null | undefined;
}
export const filterEntrySchema: z.ZodType<FilterEntry> = z.lazy(() =>
  z.object({
    ...propertyFields,
    filterType: z.string().nullish(),
    defaultType: z.string().nullish(),
    filterOperator: z.string().nullish(),
    filterValue: z.unknown().optional(),
    filterDateUnit: z.string().nullish(),
    filterJoinType: z.string().nullish(),
    listQuantifier: z.string().nullish(),
    listItemFilters: z.array(filterEntrySchema).nullish(),
    behavior: z
      .object({
        behaviorType: z.string().nullish(),
        event: z.object({ value: z.string() }),
        aggregationOperator: z.string().nullish(),
        filters: z.array(filterEntrySchema).nullish(),
        dateRange: rangeTypeSchema.nullish(),
      })
      .nullish(),
  }),
);
export const cohortFilterValueSchema = z.array(z.object({ cohort: cohortEntrySchema }));

const groupEntrySchema = z.object({
  ...propertyFields,
  propertyType: z.string().nullish(),
  propertyDefaultType: z.string().nullish(),
  typeCast: z.string().nullish(),
  unit: z.string().nullish(),
  customBucket: z
    .object({
      bucketSize: z.number().positive().nullish(),
      min: z.number().nullish(),
      max: z.number().nullish(),
      disabled: z.boolean().nullish(),
    })
    .nullish(),
  cohorts: z.array(cohortEntrySchema).nullish(),
});
export type GroupEntry = z.infer<typeof groupEntrySchema>;

export interface BehaviorEntry {
  readonly type?: string | null | undefined;
  readonly id?: string | number | null | undefined;
  readonly name?: string | null | undefined;
  readonly renamed?: string | null | undefined;
  readonly resourceType?: string | null | undefined;
  readonly filters?: FilterEntry[] | null | undefined;
  readonly filtersDeterminer?: string | null | undefined;
  readonly behaviors?: BehaviorEntry[] | null | undefined;
  readonly raw_cohort?: unknown;
  readonly conversionWindowDuration?: number | null | undefined;
  readonly conversionWindowUnit?: string | null | undefined;
  readonly funnelOrder?: string | null | undefined;
  readonly funnelReentryMode?: string | null | undefined;
  readonly exclusions?:
    | {
        readonly event: string;
        readonly steps?: { readonly from: number; readonly to: number } | null | undefined;
        readonly filters?: FilterEntry[] | null | undefined;
      }[]
    | null
    | undefined;
  readonly aggregateBy?: PropertyEntry[] | null | undefined;
  readonly retentionUnit?: string | null | undefined;
  readonly retentionAlignmentType?: string | null | undefined;
  readonly retentionCustomBucketSizes?: number[] | null | undefined;
  readonly retentionUnboundedMode?: string | null | undefined;
}
const behaviorEntrySchema: z.ZodType<BehaviorEntry> = z.lazy(() =>
  z.object({
    type: z.string().nullish(),
    id: z.union([z.string(), z.number()]).nullish(),
    name: z.string().nullish(),
    renamed: z.string().nullish(),
    resourceType: z.string().nullish(),
    filters: z.array(filterEntrySchema).nullish(),
    filtersDeterminer: z.string().nullish(),
    behaviors: z.array(behaviorEntrySchema).max(100).nullish(),
    raw_cohort: z.unknown().optional(),
    conversionWindowDuration: z.number().nullish(),
    conversionWindowUnit: z.string().nullish(),
    funnelOrder: z.string().nullish(),
    funnelReentryMode: z.string().nullish(),
    exclusions: z
      .array(
        z.object({
          event: z.string(),
          steps: z.object({ from: z.number(), to: z.number() }).nullish(),
          filters: z.array(filterEntrySchema).nullish(),
        }),
      )
      .nullish(),
    aggregateBy: z.array(z.object(propertyFields)).nullish(),
    retentionUnit: z.string().nullish(),
    retentionAlignmentType: z.string().nullish(),
    retentionCustomBucketSizes: z.array(z.number().int().positive()).nullish(),
    retentionUnboundedMode: z.string().nullish(),
  }),
);

const measurementSchema = z.object({
  math: z.string().nullish(),
  property: z.object(propertyFields).nullish(),
  perUserAggregation: z.string().nullish(),
  percentile: z.number().nullish(),
  segmentMethod: z.string().nullish(),
  rolling: z.number().nullish(),
  cumulative: z.boolean().nullish(),
  retentionBucketIndex: z.number().int().nullish(),
});
export type MeasurementEntry = z.infer<typeof measurementSchema>;

const showEntrySchema = z.object({
  type: z.string().default('metric'),
  id: z.union([z.string(), z.number()]).nullish(),
  name: z.string().nullish(),
  isHidden: z.boolean().nullish(),
  behavior: behaviorEntrySchema.nullish(),
  measurement: measurementSchema.nullish(),
  definition: z.string().nullish(),
  referencedMetrics: z.array(z.unknown()).nullish(),
});
export type ShowEntry = z.infer<typeof showEntrySchema>;

const displayOptionsSchema = z.object({
  chartType: z.string().nullish(),
  analysis: z.string().nullish(),
  rollingWindowSize: z.number().nullish(),
  timeComparison: z.object({ type: z.string(), value: z.string() }).nullish(),
});

export const bookmarkSchema = z.object({
  sections: z.object({
    show: z.array(showEntrySchema).min(1).max(40),
    filter: z.array(filterEntrySchema).default([]),
    filterOperator: z.string().nullish(),
    determiner: z.string().nullish(),
    group: z.array(groupEntrySchema).max(8).default([]),
    time: z.array(rangeTypeSchema).min(1),
    displayOptions: displayOptionsSchema.nullish(),
  }),
  displayOptions: displayOptionsSchema.nullish(),
});
export type Bookmark = z.infer<typeof bookmarkSchema>;
