import { z } from 'zod';

/** Requests of the people behind the data, and what a project keeps (reports.md 20, query-api.md 14). */

export const complianceTypeSchema = z.enum(['GDPR', 'CCPA']);
export type ComplianceType = z.infer<typeof complianceTypeSchema>;

/** What a request for access is to tell: the data, which kinds of data there are, or where they came from. */
export const disclosureTypeSchema = z.enum(['Data', 'Categories', 'Sources']);
export type DisclosureType = z.infer<typeof disclosureTypeSchema>;

export const dataRequestKindSchema = z.enum(['access', 'erasure']);

/**
 * `PENDING` (asked for) → `STAGING` (an erasure that can still be cancelled) → `STARTED` → `SUCCESS` or `FAILURE`, which
 * is tried again; `REVOKED` = cancelled before it started.
 */
export const dataRequestStatusSchema = z.enum([
  'PENDING',
  'STAGING',
  'STARTED',
  'SUCCESS',
  'FAILURE',
  'REVOKED',
]);
export type DataRequestStatus = z.infer<typeof dataRequestStatusSchema>;

export const newDataRequestSchema = z.object({
  kind: dataRequestKindSchema,
  /** Any identifiers; each stands for everything of its user. */
  distinctIds: z.array(z.string().min(1).max(512)).min(1).max(2000),
  complianceType: complianceTypeSchema.default('GDPR'),
  /** Of a request for access. */
  disclosureType: disclosureTypeSchema.default('Data'),
});
export type NewDataRequest = z.infer<typeof newDataRequestSchema>;

/** What an erasure took away. */
export const erasureReceiptSchema = z.object({
  /** Of the request. */
  id: z.string(),
  events: z.number().int(),
  profiles: z.number().int(),
  /** Properties of those profiles. */
  properties: z.number().int(),
  /** Files that were written anew, or left out. */
  files: z.number().int(),
  /** Identifiers that were known of these users. */
  aliases: z.number().int(),
  finishedAt: z.iso.datetime(),
});
export type ErasureReceipt = z.infer<typeof erasureReceiptSchema>;

export const dataRequestSchema = z.object({
  id: z.string(),
  kind: dataRequestKindSchema,
  complianceType: complianceTypeSchema,
  disclosureType: disclosureTypeSchema,
  status: dataRequestStatusSchema,
  /** As asked for; null once they are erased, or the link to what was asked for has expired. */
  distinctIds: z.array(z.string()).nullable(),
  distinctIdCount: z.number().int(),
  requestedBy: z.string(),
  createdAt: z.iso.datetime(),
  startedAt: z.iso.datetime().nullable(),
  endedAt: z.iso.datetime().nullable(),
  /** Until when it can be cancelled at least. Of an erasure that has not started. */
  startsAt: z.iso.datetime().nullable(),
  /** What an erasure that is under way is at, in words. */
  progress: z.string().nullable(),
  /** Why it failed. */
  reason: z.string().nullable(),
  receipt: erasureReceiptSchema.nullable(),
  /** Of a request for access: where the data can be had as lines of JSON, and until when. A path of the API. */
  link: z.object({ path: z.string(), expiresAt: z.iso.datetime() }).nullable(),
});
export type DataRequest = z.infer<typeof dataRequestSchema>;

export const dataRequestPageSchema = z.object({
  /** Newest first. */
  requests: z.array(dataRequestSchema),
  next: z.string().nullable(),
});
export type DataRequestPage = z.infer<typeof dataRequestPageSchema>;

/** What a project keeps, and for how long. */
export const privacySettingsSchema = z.object({
  /** Events of days before this many are deleted each day; null = they are kept for ever. */
  retentionDays: z.number().int().min(1).max(36_500).nullable(),
  /** Whether records of an identifier that was erased are taken when they come later. */
  acceptsErased: z.boolean(),
});
export type PrivacySettings = z.infer<typeof privacySettingsSchema>;

/** What is not given stays as it is: who changes one setting must not bring back an old value of the other. */
export const privacyChangeSchema = privacySettingsSchema.partial();
export type PrivacyChange = z.infer<typeof privacyChangeSchema>;

/** `data_requests.result`: how far a request is, and what became of it. Written by the role `jobs` of the worker. */
export const dataRequestResultSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('staging'), startsAt: z.number() }),
  z.object({ type: z.literal('erasing'), progress: z.string(), work: z.unknown() }),
  z.object({ type: z.literal('erased'), receipt: erasureReceiptSchema }),
  z.object({ type: z.literal('failed'), reason: z.string(), work: z.unknown() }),
  z.object({ type: z.literal('ready'), expiresAt: z.number() }),
]);
export type DataRequestResult = z.infer<typeof dataRequestResultSchema>;
