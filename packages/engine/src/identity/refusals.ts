import type { IdentityMode } from '@arbor/schema/identity';
import { limits } from '@arbor/schema/limits';
import { isMappable, kindOfForm, namesSomebody } from './identifier.ts';
import type { Cluster } from './identity-map.ts';
import type { LinkRequest } from './links.ts';

export type RefusalCode =
  | 'invalid_identifier'
  | 'merge_not_allowed'
  | 'not_in_legacy_mode'
  | 'taken_back'
  | 'anonymous_id_invalid'
  | 'already_identified'
  | 'alias_taken'
  | 'too_many_identifiers';

export interface Refusal {
  readonly code: RefusalCode;
  /** In words, for the developer who sent it. */
  readonly reason: string;
}

/** Each of these is one line of the table of decisions in SPEC.md; null = the link may be made. */

export function refuseIdentifiers({ alias, user }: LinkRequest): Refusal | null {
  for (const identifier of [alias, user]) {
    if (isMappable(identifier) && namesSomebody(identifier)) continue;
    const shown = JSON.stringify(identifier.slice(0, 80));
    const reason = isMappable(identifier)
      ? `${shown} identifies nobody`
      : `${shown} cannot be used as an identifier`;
    return { code: 'invalid_identifier', reason };
  }
  return null;
}

export function refuseByMode({ form, imported }: LinkRequest, mode: IdentityMode): Refusal | null {
  if (mode === 'legacy') {
    if (form === 'alias') return null;
    const what = form === 'merge' ? '$merge' : form === 'identify' ? '$identify' : 'merging users';
    const reason = `${what} does nothing in the identity mode "legacy" of this project, only $create_alias does`;
    return { code: 'not_in_legacy_mode', reason };
  }
  if (form !== 'merge') return null;
  if (mode !== 'original') {
    const reason = `$merge needs the identity mode "original", this project has "${mode}": an admin may change it in the project's settings`;
    return { code: 'merge_not_allowed', reason };
  }
  if (imported === true) return null;
  return { code: 'merge_not_allowed', reason: '$merge is only taken by /import' };
}

export function refuseTakenBack({ alias, user }: LinkRequest): Refusal {
  return {
    code: 'taken_back',
    reason: `somebody took back that "${alias}" and "${user}" are one user; only a person can merge them again`,
  };
}

export function refuseByForm({ form, alias }: LinkRequest, aliasCluster: Cluster): Refusal | null {
  if (form === 'merge' || form === 'explicit') return null;
  if (form === 'alias') {
    if (aliasCluster.identifierCount === 1) return null;
    return { code: 'alias_taken', reason: `"${alias}" is already an alias of another user` };
  }
  if (form === 'identify' && kindOfForm(alias) !== 'anonymous') {
    return {
      code: 'anonymous_id_invalid',
      reason: `the anonymous id "${alias}" is not a UUID version 4 and does not begin with "$device:"`,
    };
  }
  if (!aliasCluster.identified) return null;
  return { code: 'already_identified', reason: `"${alias}" already belongs to another known user` };
}

export function refuseBySize(
  { alias, user }: LinkRequest,
  one: Cluster,
  other: Cluster,
): Refusal | null {
  const identifierCount = one.identifierCount + other.identifierCount;
  if (identifierCount <= limits.identifiersPerUserMax) return null;
  return {
    code: 'too_many_identifiers',
    reason: `"${alias}" and "${user}" together have ${identifierCount} identifiers, at most ${limits.identifiersPerUserMax} may be one user`,
  };
}
