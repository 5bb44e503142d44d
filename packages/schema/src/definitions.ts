import { z } from 'zod';
import { eventMatchSchema, propertyRefSchema, userConditionSchema } from './query/selection.ts';

/**
 * What a project defines beside its events (`reports.md` 9, 12, 14, 18), as it is sent, stored and shown.
 * Queries name custom events and properties by these prefixes and an id, and cohorts as `saved`.
 */
export const customEventPrefix = '$custom_event:';
export const customPropertyPrefix = '$custom_property:';

/** 14.1: any of these events. */
export const customEventDefinitionSchema = z.object({
  matches: z
    .array(eventMatchSchema.pick({ event: true, filters: true }))
    .min(1)
    .max(25),
});
export type CustomEventDefinition = z.infer<typeof customEventDefinitionSchema>;

/** `live`: whoever meets the conditions when it is asked (9.2). `frozen`: a list that was uploaded. */
export const cohortDefinitionSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('live'), filters: z.array(userConditionSchema).min(1).max(100) }),
  z.object({ type: z.literal('frozen') }),
]);
export type CohortDefinition = z.infer<typeof cohortDefinitionSchema>;

/** 14.3-14.8: a property with `computed`; its name is that of the stored property it begins with. */
export const customPropertyDefinitionSchema = z.object({ property: propertyRefSchema });
export type CustomPropertyDefinition = z.infer<typeof customPropertyDefinitionSchema>;

/** All that there is to say of a table before its rows come. */
export const lookupTableDefinitionSchema = z.object({});

/** What the rows of an upload are. A column is of numbers or of booleans where every value is one. */
export const columnTypeSchema = z.enum(['text', 'number', 'boolean']);
export type ColumnType = z.infer<typeof columnTypeSchema>;
export const uploadedSchema = z.object({
  rows: z.number().int(),
  /** Of a lookup table, the column of the keys first. */
  columns: z.array(z.object({ name: z.string(), type: columnTypeSchema })),
  uploadedAt: z.iso.datetime(),
});
export type Uploaded = z.infer<typeof uploadedSchema>;

/** What an upload did: rows that were refused are left out, everything else counts. */
export const uploadReportSchema = uploadedSchema.extend({
  refused: z.number().int(),
  /** The first hundred of them; the header is line 1. */
  problems: z.array(z.object({ line: z.number().int(), reason: z.string() })),
});
export type UploadReport = z.infer<typeof uploadReportSchema>;

const nameSchema = z
  .string()
  .trim()
  .min(1)
  .max(255)
  .regex(/^[^\p{Cc}]*$/u, 'must not contain control characters');
const descriptionSchema = z.string().max(10_000);

/** The kinds of things that have an id, and what each is. */
export const definitionSchemas = {
  cohort: cohortDefinitionSchema,
  custom_event: customEventDefinitionSchema,
  custom_property: customPropertyDefinitionSchema,
  lookup_table: lookupTableDefinitionSchema,
} as const;
export type DefinitionKind = keyof typeof definitionSchemas;
export type DefinitionOf<K extends DefinitionKind> = z.infer<(typeof definitionSchemas)[K]>;

/** What a client sends to make one of a kind. */
export function newDefinitionSchema<K extends DefinitionKind>(kind: K) {
  return z.object({
    name: nameSchema,
    description: descriptionSchema.default(''),
    definition: definitionSchemas[kind],
  });
}

/** What a client sends to change one: what is left out stays. `archived` false brings it back. */
export function definitionChangeSchema<K extends DefinitionKind>(kind: K) {
  return z.object({
    name: nameSchema.optional(),
    description: descriptionSchema.optional(),
    definition: definitionSchemas[kind].optional(),
    archived: z.boolean().optional(),
  });
}

/** What everybody who may read the project sees of one. */
export function savedDefinitionSchema<K extends DefinitionKind>(kind: K) {
  return z.object({
    id: z.string(),
    name: z.string(),
    description: z.string(),
    definition: definitionSchemas[kind],
    /** Of frozen cohorts and lookup tables; null = nothing was uploaded yet. */
    uploaded: uploadedSchema.nullable(),
    createdBy: z.string(),
    createdAt: z.iso.datetime(),
    updatedAt: z.iso.datetime(),
    archived: z.boolean(),
  });
}
/** Written out, because the compiler does not follow the schemas by their kind. */
export interface SavedDefinition<K extends DefinitionKind> {
  id: string;
  name: string;
  description: string;
  definition: DefinitionOf<K>;
  uploaded: Uploaded | null;
  createdBy: string;
  createdAt: string;
  updatedAt: string;
  archived: boolean;
}

export const lexiconEntitySchema = z.enum(['event', 'event_property', 'person_property']);
export type LexiconEntity = z.infer<typeof lexiconEntitySchema>;

/** What was said about a name in the data (18). Raw data never changes. */
export const lexiconSettingsSchema = z.object({
  /** Of events: out of "any event", flows and sessions. Of all: out of menus. */
  hidden: z.boolean().default(false),
  displayName: nameSchema.nullable().default(null),
  description: descriptionSchema.default(''),
  /** Of events and their properties: what queries read it as. */
  mergedInto: z.string().min(1).max(255).nullable().default(null),
});
export type LexiconSettings = z.infer<typeof lexiconSettingsSchema>;
export const lexiconEntrySchema = lexiconSettingsSchema.extend({ name: z.string() });
export type LexiconEntry = z.infer<typeof lexiconEntrySchema>;

/** How sessions are cut (12); for the whole history at once. */
export const sessionSettingsSchema = z.object({
  mode: z
    .discriminatedUnion('type', [
      z.object({
        type: z.literal('timeout'),
        timeoutMs: z.number().int().min(60_000).max(86_400_000),
      }),
      z.object({ type: z.literal('events'), start: z.string().min(1), end: z.string().min(1) }),
      z.object({ type: z.literal('property'), name: z.string().min(1) }),
    ])
    .default({ type: 'timeout', timeoutMs: 30 * 60_000 }),
  /** Events that are never in a session; no custom events. */
  excluded: z.array(z.string().min(1)).max(1000).default([]),
  /** What session events have beside the usual properties. */
  properties: z.array(z.string().min(1)).max(4).default([]),
});
export type SessionSettings = z.infer<typeof sessionSettingsSchema>;
