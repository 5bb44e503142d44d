import type { RefusalCode } from '@arbor/engine/identity/refusals';
import { linkFormSchema } from '@arbor/schema/identity';
import type { IngestPerson, PersonOperation } from '@arbor/schema/ingest';
import { z } from 'zod';

/** `z.record` leaves out a member named `__proto__`, and an identifier may well be named so. */
function isTextByText(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  return Object.values(value).every((text) => typeof text === 'string');
}

/**
 * What a batch's identifiers meant when it was first delivered. Pinned on the job before anything is
 * sent, so that every later delivery makes the very same row batches although the map moved on.
 */
export const resolutionSchema = z.object({
  version: z.literal(1),
  /** Shards the project was spread over. */
  spread: z.number().int().positive(),
  /** Identifier → user, where the two differ. */
  users: z.custom<Readonly<Record<string, string>>>(isTextByText),
  /**
   * Identifiers that were brought to another user within the batch, and only from then on: records before `position`
   * belong to `user`.
   */
  earlier: z
    .array(z.object({ identifier: z.string(), user: z.string(), position: z.number().int() }))
    .optional(),
  /** Whoever was an alias before keeps a profile of his own (the mode `legacy`). */
  aliasesKeepProfiles: z.literal(true).optional(),
  /** Positions of records that name somebody who was erased: they are left out. */
  erased: z.array(z.number().int()).optional(),
  /**
   * Links that made users one before, oldest first, by which senders of the batch's updates of people came to `user`: the
   * updates bring them along.
   */
  unions: z.array(z.object({ loser: z.string(), winner: z.string(), user: z.string() })).optional(),
  /** What the links of the batch did, in order. */
  links: z.array(
    z.object({
      position: z.number().int(),
      form: linkFormSchema,
      alias: z.string(),
      /** The user the alias belongs to now; of a refused link: the one it was to join. */
      user: z.string(),
      /** The user whose stored rows belong to `user` from now on. */
      loser: z.string().optional(),
      refused: z.object({ code: z.custom<RefusalCode>(), reason: z.string() }).optional(),
    }),
  ),
});
export type Resolution = z.infer<typeof resolutionSchema>;
export type ResolvedLink = Resolution['links'][number];

/** Whose the record at `position` is, by its own identifier. */
export function userOf(resolution: Resolution, identifier: string, position: number): string {
  const { users, earlier } = resolution;
  const before = earlier?.find((one) => one.identifier === identifier && position < one.position);
  if (before !== undefined) return before.user;
  return Object.hasOwn(users, identifier) ? (users[identifier] ?? identifier) : identifier;
}

/** Operators that give something to a profile, and make one where there is none. */
const giving: ReadonlySet<PersonOperation['operator']> = new Set([
  '$set',
  '$set_once',
  '$add',
  '$append',
  '$union',
]);

/**
 * Whose profile the update at `position` is about, and what it does to it. With `$ignore_alias` it means the profile
 * under the identifier alone (ingestion-api.md 4.2), for instance to delete a duplicate. An identifier that was
 * merged has none any more: nothing can be taken from it, above all not the profile of the user it belongs to,
 * and what is given to it is given to that user.
 */
export function profileUpdateOf(
  resolution: Resolution,
  { distinctId, ignoreAlias, operations }: IngestPerson,
  position: number,
): { readonly user: string; readonly operations: readonly PersonOperation[] } {
  const user = userOf(resolution, distinctId, position);
  if (ignoreAlias !== true || user === distinctId) return { user, operations };
  if (resolution.aliasesKeepProfiles === true) return { user: distinctId, operations };
  return { user, operations: operations.filter(({ operator }) => giving.has(operator)) };
}
