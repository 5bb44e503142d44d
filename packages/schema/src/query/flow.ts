import { z } from 'zod';
import { breakdownSchema, reportFields } from './report.ts';
import { eventSelectorSchema, propertyRefSchema } from './selection.ts';
import { funnelWindowSchema } from './funnel.ts';

/** `reports.md` 8: what people do next to some events. */
export const flowQuerySchema = z.object({
  type: z.literal('flow'),
  ...reportFields,
  breakdowns: z.array(breakdownSchema).max(1).default([]),
  anchors: z
    .array(
      z.object({
        selector: eventSelectorSchema,
        before: z.number().int().min(0).max(5).default(0),
        after: z.number().int().min(0).max(5).default(3),
      }),
    )
    .min(1)
    .max(10),
  counting: z.enum(['unique', 'totals', 'sessions']).default('unique'),
  /** From the first anchor to the last. */
  window: funnelWindowSchema.default({ value: 30, unit: 'day' }),
  hold: z.array(propertyRefSchema).max(3).default([]),
  /** Names of events that are not shown; the paths are those without them. */
  hidden: z.array(z.string()).max(1000).default([]),
  /**
   * Paths with one of these between two anchors are left out: before the last one, or the end of the window. With
   * one anchor: paths with one of these among their steps.
   */
  exclusions: z.array(eventSelectorSchema).max(20).default([]),
  /** A run of the same event is one step: the one nearest to the anchor. Beside an anchor it belongs to it. */
  collapseRepeated: z.boolean().default(false),
  /** Events that are told apart by a property of theirs. */
  expand: z
    .array(z.object({ event: z.string(), property: propertyRefSchema }))
    .max(20)
    .default([]),
  /**
   * Custom events that stand for their events in steps, the more important first: an event has the name of the
   * first that it is (8.1).
   */
  customEvents: z
    .array(z.object({ name: z.string().min(1).max(255), selector: eventSelectorSchema }))
    .max(50)
    .default([]),
  /** Events a step that are shown by themselves; the rest is "other". */
  rows: z.number().int().min(1).max(50).default(3),
  /** How many of the most common whole paths come back. */
  pathsMax: z.number().int().min(0).max(1000).default(50),
});
export type FlowQuery = z.infer<typeof flowQuerySchema>;
