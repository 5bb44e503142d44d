import type { PersonOperation } from '@arbor/schema/ingest';
import type { PropertyValue } from '@arbor/schema/property-value';
import { limits } from '@arbor/schema/limits';
import { unreachable } from '../../base/assert.ts';
import { canonicalText } from '../../base/canonical-text.ts';

/** Properties of a person by name. No map at all = the person has no profile. */
export type Profile = ReadonlyMap<string, PropertyValue>;

/** Set by the system with every update, so it does not count towards the customer's limit. */
export const lastSeenName = '$last_seen';

export interface ProfileUpdate {
  readonly time: number;
  readonly ignoreTime: boolean;
  readonly operations: readonly PersonOperation[];
}

/** What one operation made of a profile. */
type Outcome =
  | { readonly type: 'changed'; readonly profile: Profile | undefined }
  /** It had nothing to do, and said so rightly: `$unset` of nothing. */
  | { readonly type: 'no_effect' }
  /** It cannot be applied to what is stored: as a whole it leaves no trace in the profile. */
  | { readonly type: 'failed'; readonly property: string; readonly reason: string };

/** An operation of an update that failed, and the property that it failed for. */
export interface FailedOperation {
  readonly operation: PersonOperation;
  readonly property: string;
  /** In words, for the developer who sent it; says nothing of what is stored. */
  readonly reason: string;
}

const noEffect: Outcome = { type: 'no_effect' };
const failed = (property: string, reason: string): Outcome => ({
  type: 'failed',
  property,
  reason,
});

/**
 * The profile after an update (ingestion-api.md 4.3). Never changes the map it is given, nor a value
 * in it: views that were handed out may still hold them. `onFailed` is told of each operation that could not be done.
 */
export function applyUpdate(
  profile: Profile | undefined,
  update: ProfileUpdate,
  onFailed?: (failure: FailedOperation) => void,
): Profile | undefined {
  let current = profile;
  let wasAccepted = false;
  for (const operation of update.operations) {
    const outcome = applyOperation(current, operation);
    if (outcome.type === 'changed') current = outcome.profile;
    wasAccepted ||= outcome.type !== 'failed';
    if (outcome.type === 'failed') {
      const { property, reason } = outcome;
      onFailed?.({ operation, property, reason });
    }
  }
  if (!current || !wasAccepted || update.ignoreTime) return current;
  return new Map(current).set(lastSeenName, dateTimeText(update.time));
}

/** `YYYY-MM-DDTHH:MM:SS`, the form of dates in profiles (UTC). */
export function dateTimeText(time: number): string {
  const date = new Date(time);
  // A time outside of what dates can say is the clock's fault, not a reason to lose the update.
  return Number.isNaN(date.getTime()) ? '1970-01-01T00:00:00' : date.toISOString().slice(0, -5);
}

/** Two profiles become one (reports.md 13.3): the winner's values win, missing ones are filled in. */
export function mergeProfiles(
  winner: Profile | undefined,
  loser: Profile | undefined,
): Profile | undefined {
  if (!winner || !loser) return winner ?? loser;
  const merged = new Map(winner);
  for (const [name, value] of loser) if (!merged.has(name)) merged.set(name, value);
  return merged;
}

function applyOperation(profile: Profile | undefined, operation: PersonOperation): Outcome {
  switch (operation.operator) {
    case '$delete':
      return profile ? { type: 'changed', profile: undefined } : noEffect;
    case '$unset':
      return profile ? unset(profile, operation.names) : noEffect;
    case '$remove':
      return profile ? edit(profile, operation, removeItem) : noEffect;
    case '$set':
      return edit(profile, operation, (_, value) => value);
    case '$set_once':
      return edit(
        profile,
        operation,
        (stored, value) => stored ?? (stored === null ? null : value),
      );
    case '$add':
      return edit(profile, operation, add);
    case '$append':
      return edit(profile, operation, append);
    case '$union':
      return edit(profile, operation, union);
    default:
      return unreachable(operation);
  }
}

/** Of types, or with the limits: the operation fails. */
const mismatch = Symbol('mismatch');
const absent = Symbol('absent');

type Edit = (
  stored: PropertyValue | undefined,
  operand: PropertyValue,
) => PropertyValue | typeof mismatch | typeof absent;

const tooMany = `a profile has at most ${limits.profilePropertiesMax} properties, and would have more with this one`;
const noList = 'the profile has another value there than a list, or the list would be too long';
const noSum = 'the profile has another value there than a number, or the sum would be none';
/** Why an operation does not fit what is stored. */
const mismatches = {
  $set: 'the value cannot be set',
  $set_once: 'the value cannot be set',
  $add: noSum,
  $append: noList,
  $union: noList,
  $remove: noList,
} as const;

/** All names of the operation, or none. */
function edit(
  profile: Profile | undefined,
  { operator, values }: Extract<PersonOperation, { readonly values: unknown }>,
  change: Edit,
): Outcome {
  const edited = new Map(profile);
  for (const [name, operand] of Object.entries(values)) {
    const value = change(edited.get(name), operand);
    if (value === mismatch) return failed(name, mismatches[operator]);
    if (value !== absent) edited.set(name, value);
  }
  if (customerNames(edited) > limits.profilePropertiesMax && edited.size > (profile?.size ?? 0)) {
    const added = Object.keys(values).filter((name) => profile?.has(name) !== true);
    return failed(added.at(-1) ?? '', tooMany);
  }
  return { type: 'changed', profile: edited };
}

function customerNames(profile: Profile): number {
  return profile.size - (profile.has(lastSeenName) ? 1 : 0);
}

function unset(profile: Profile, names: readonly string[]): Outcome {
  const edited = new Map(profile);
  for (const name of names) edited.delete(name);
  return { type: 'changed', profile: edited };
}

function add(stored: PropertyValue | undefined, operand: PropertyValue) {
  const base = stored === undefined ? 0 : stored;
  if (typeof base !== 'number' || typeof operand !== 'number') return mismatch;
  // Two numbers of JSON may have a sum that is none.
  const sum = base + operand;
  return Number.isFinite(sum) ? sum : mismatch;
}

function append(stored: PropertyValue | undefined, operand: PropertyValue) {
  if (stored === undefined) return [operand];
  return isList(stored) ? bounded([...stored, operand]) : mismatch;
}

function union(stored: PropertyValue | undefined, operand: PropertyValue) {
  const base = stored === undefined ? [] : stored;
  if (!isList(base) || !isList(operand)) return mismatch;
  const known = new Set(base.map(canonicalText));
  const items = [...base];
  for (const item of operand) {
    const text = canonicalText(item);
    if (known.has(text)) continue;
    known.add(text);
    items.push(item);
  }
  return items.length > base.length ? bounded(items) : items;
}

/** Without a bound an update a second would make a profile that no answer can carry. */
function bounded(items: readonly PropertyValue[]) {
  return canonicalText(items).length > limits.profileListCharactersMax ? mismatch : items;
}

/** Takes away all equal items; what is no list stays as it is. */
function removeItem(stored: PropertyValue | undefined, operand: PropertyValue) {
  if (stored === undefined) return absent;
  if (!isList(stored)) return stored;
  const text = canonicalText(operand);
  return stored.filter((item) => canonicalText(item) !== text);
}

/** `Array.isArray` does not narrow a readonly array out of a union. */
function isList(value: PropertyValue): value is readonly PropertyValue[] {
  return Array.isArray(value);
}
