import { z } from 'zod';
import { propertiesSchema } from './property-value.ts';

/** Files of events that are brought in through the dashboard (`ux.md` 21), as they are sent, stored and shown. */

/** Rows of one request, and characters of one row: a request stays below the megabyte that the API takes. */
export const importRowsMax = 2000;
export const importRowCharactersMax = 400_000;

/** Which columns of a table say what an event is; the other columns are its properties. */
export const columnMappingSchema = z.object({
  event: z.discriminatedUnion('type', [
    z.object({ type: z.literal('column'), column: z.string() }),
    /** All rows are this event. */
    z.object({ type: z.literal('name'), name: z.string() }),
  ]),
  time: z.string(),
  /** Of times that are written without a zone: UTC, or that of the project. */
  zone: z.enum(['utc', 'project']),
  user: z.string(),
  /** What tells copies of one event apart from others; null = the row and its place in the file. */
  insertId: z.string().nullable(),
  leftOut: z.array(z.string()).max(1000),
});
export type ColumnMapping = z.infer<typeof columnMappingSchema>;

/** `events`: each row is an event as `/import` takes it, such as an export of Mixpanel has. */
export const importMappingSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('events') }),
  z.object({ type: z.literal('columns'), columns: columnMappingSchema }),
]);
export type ImportMapping = z.infer<typeof importMappingSchema>;

export const newImportSchema = z.object({
  fileName: z.string().min(1).max(255),
  fileBytes: z.number().int().min(0),
  /** SHA-256 of name, size and beginning of the file, in hex: an import goes on with the same file alone. */
  fingerprint: z.string().regex(/^[0-9a-f]{64}$/),
  mapping: importMappingSchema,
});
export type NewImport = z.infer<typeof newImportSchema>;

export const importStateSchema = z.enum(['open', 'done', 'cancelled']);
export type ImportState = z.infer<typeof importStateSchema>;

export const refusalReasonSchema = z.object({ reason: z.string(), count: z.number().int() });
export type RefusalReason = z.infer<typeof refusalReasonSchema>;

export const savedImportSchema = newImportSchema.extend({
  id: z.number().int(),
  state: importStateSchema,
  /** How many rows of the file were answered. */
  nextRow: z.number().int(),
  accepted: z.number().int(),
  refused: z.number().int(),
  /** Most frequent first, without what the rows said. */
  reasons: z.array(refusalReasonSchema),
  createdBy: z.string(),
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
});
export type SavedImport = z.infer<typeof savedImportSchema>;

/** A row as `/import` takes it. */
export const importRowSchema = z.object({
  /** Where it begins in the file, from 1. */
  line: z.number().int().min(1),
  json: z.string().max(importRowCharactersMax),
});
export type ImportRow = z.infer<typeof importRowSchema>;

export const importRowsSchema = z.object({
  /** How many rows of the file lie before these. */
  from: z.number().int().min(0).max(2_000_000_000),
  rows: z.array(importRowSchema).min(1).max(importRowsMax),
});
export type ImportRows = z.infer<typeof importRowsSchema>;

export const importProblemSchema = z.object({
  line: z.number().int(),
  /** Path of the field as it was sent; "" = the row. */
  field: z.string(),
  reason: z.string(),
});
export type ImportProblem = z.infer<typeof importProblemSchema>;

export const importedRowsSchema = z.object({
  accepted: z.number().int(),
  refused: z.array(importProblemSchema),
  import: savedImportSchema,
});
export type ImportedRows = z.infer<typeof importedRowsSchema>;

export const importCheckSchema = z.object({ rows: z.array(importRowSchema).min(1).max(100) });

/** What would become of a row: an event, or a problem. */
export const checkedRowSchema = z.object({
  line: z.number().int(),
  event: z
    .object({
      event: z.string(),
      timeMs: z.number(),
      distinctId: z.string(),
      properties: propertiesSchema,
    })
    .nullable(),
  problem: importProblemSchema.nullable(),
});
export type CheckedRow = z.infer<typeof checkedRowSchema>;
