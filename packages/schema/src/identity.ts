import { z } from 'zod';

/** What a project lets join identifiers to one user (`reports.md` 13.1, packages/engine/src/identity/SPEC.md). */
export const identityModeSchema = z.enum(['simplified', 'original', 'legacy']);
export type IdentityMode = z.infer<typeof identityModeSchema>;

/** Where a link came from. `explicit`: a person's own decision in Arbor. */
export const linkFormSchema = z.enum(['identify', 'alias', 'device', 'merge', 'explicit']);
export type LinkForm = z.infer<typeof linkFormSchema>;

export const identifierKindSchema = z.enum(['anonymous', 'identified']);

/** Everything that is one user. */
export const identityClusterSchema = z.object({
  /** Under which reports know the user. */
  canonical: z.string(),
  identifiers: z.array(
    z.object({
      identifier: z.string(),
      kind: identifierKindSchema,
      /** ISO 8601, UTC. */
      firstSeen: z.string(),
    }),
  ),
  /** The user has as many identifiers as one may have: most likely strangers share one of them. */
  full: z.boolean(),
});
export type IdentityCluster = z.infer<typeof identityClusterSchema>;

/** An entry of the log of links. */
export const identityLinkSchema = z.object({
  id: z.string(),
  /** ISO 8601, UTC. */
  at: z.string(),
  form: linkFormSchema,
  /** The two identifiers that were said to be one user. */
  alias: z.string(),
  joined: z.string(),
  /** Why the link was refused, in words; null = it was made. */
  refused: z.string().nullable(),
  /** When and by whom the link was taken back; null = it was not. */
  undone: z.object({ at: z.string(), by: z.string() }).nullable(),
});
export type IdentityLinkEntry = z.infer<typeof identityLinkSchema>;

export const identityLogSchema = z.object({
  /** Newest first. */
  links: z.array(identityLinkSchema),
  /** `cursor` of the next page; null = there is none. */
  next: z.string().nullable(),
});
export type IdentityLog = z.infer<typeof identityLogSchema>;

/** What taking a link back gives: one user keeps the canonical id, the other gets its own. */
export const identitySplitSchema = z.object({
  stays: z.object({ canonical: z.string(), identifiers: z.array(z.string()) }),
  /** Null = other links hold the identifiers together. */
  leaves: z.object({ canonical: z.string(), identifiers: z.array(z.string()) }).nullable(),
});
export type IdentitySplit = z.infer<typeof identitySplitSchema>;

/** `done`: false = it is written down for sure, but was not yet carried out when the answer was due. */
export const identityChangeAnswerSchema = z.object({ done: z.boolean() });
export type IdentityChangeAnswer = z.infer<typeof identityChangeAnswerSchema>;

/** Links that were refused within a time, by the reason's code: most frequent first. */
export const identityRefusalsSchema = z.object({
  refusals: z.array(
    z.object({
      code: z.string(),
      /** Pairs of identifiers, each once a day. */
      count: z.number().int(),
      /** ISO 8601, UTC. */
      last: z.string(),
      example: z.object({ alias: z.string(), joined: z.string(), reason: z.string() }),
    }),
  ),
});
export type IdentityRefusals = z.infer<typeof identityRefusalsSchema>;

export const identitySettingsSchema = z.object({ mode: identityModeSchema });
export type IdentitySettings = z.infer<typeof identitySettingsSchema>;
