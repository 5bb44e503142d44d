import { z } from 'zod';
import { flowQuerySchema } from './query/flow.ts';
import { funnelQuerySchema } from './query/funnel.ts';
import { insightsQuerySchema } from './query/insights.ts';
import { retentionQuerySchema } from './query/retention.ts';

/** Reports that people keep (`ux.md` 10), as they are sent, stored and shown. */

export const savedQuerySchema = z.discriminatedUnion('type', [
  insightsQuerySchema,
  funnelQuerySchema,
  retentionQuerySchema,
  flowQuerySchema,
]);
export type SavedQuery = z.infer<typeof savedQuerySchema>;
export type SavedQueryInput = z.input<typeof savedQuerySchema>;

export const reportTypeSchema = z.enum(['insights', 'funnel', 'retention', 'flow']);
export type ReportType = z.infer<typeof reportTypeSchema>;

/**
 * So many days or months up to today in the project's zone, or up to so many days before today (UX-D1). The first of
 * N months is the day after today's, N months ago.
 */
export const relativeRangeSchema = z.object({
  last: z.number().int().min(1).max(4000),
  unit: z.enum(['day', 'month']),
  endsDaysAgo: z.number().int().min(0).max(4000).default(0),
});
export type RelativeRange = z.infer<typeof relativeRangeSchema>;

/** Whole numbers that PostgreSQL counts up; Mixpanel's clients know reports by numbers, too. */
export const savedIdSchema = z.number().int().min(1).max(2_147_483_647);

/** UTF-16 units of the JSON text. */
const viewLengthMax = 100_000;

/** What the dashboard shows of a report, in its own words: kept as it is. */
export const reportViewSchema = z
  .record(z.string(), z.json())
  .refine((view) => JSON.stringify(view).length <= viewLengthMax, {
    error: `must not be longer than ${viewLengthMax} characters of JSON`,
  });

export const titleSchema = z
  .string()
  .trim()
  .min(1)
  .max(255)
  .regex(/^[^\p{Cc}]*$/u, 'must not contain control characters');
export const noteSchema = z.string().max(10_000);

export const newSavedReportSchema = z.object({
  name: titleSchema,
  description: noteSchema.default(''),
  query: savedQuerySchema,
  /** Takes the place of the query's range each time it is asked; null = the query's own is meant. */
  range: relativeRangeSchema.nullable().default(null),
  view: reportViewSchema.default({}),
});
export type NewSavedReport = z.infer<typeof newSavedReportSchema>;

/** What is left out stays. */
export const savedReportChangeSchema = z.object({
  /** The version that the change was made of: another one by now is a CONFLICT. */
  version: z.number().int().min(1),
  name: titleSchema.optional(),
  description: noteSchema.optional(),
  query: savedQuerySchema.optional(),
  range: relativeRangeSchema.nullable().optional(),
  view: reportViewSchema.optional(),
  /** In the bin: it is in no list and on no board, until it is taken out again. */
  archived: z.boolean().optional(),
});
export type SavedReportChange = z.infer<typeof savedReportChangeSchema>;

/** What all that is saved tells of itself. */
export const savedFields = {
  id: savedIdSchema,
  version: z.number().int(),
  createdBy: z.string(),
  updatedBy: z.string(),
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
  archived: z.boolean(),
} as const;

export const savedReportSummarySchema = z.object({
  ...savedFields,
  name: z.string(),
  description: z.string(),
  type: reportTypeSchema,
});
export type SavedReportSummary = z.infer<typeof savedReportSummarySchema>;

export const savedReportSchema = savedReportSummarySchema.extend({
  query: savedQuerySchema,
  range: relativeRangeSchema.nullable(),
  view: reportViewSchema,
});
export type SavedReport = z.infer<typeof savedReportSchema>;

/** A part of a list, newest first. */
export const savedPageSchema = z.object({
  limit: z.number().int().min(1).max(1000).default(100),
  /** `next` of the page before. */
  cursor: savedIdSchema.optional(),
  /** Those in the bin instead. */
  archived: z.boolean().default(false),
});
export type SavedPage = z.infer<typeof savedPageSchema>;
