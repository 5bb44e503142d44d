import { createHash } from 'node:crypto';
import type { Plan } from './plan-types.ts';
import { type Part, replaceParts } from './replace-parts.ts';

/**
 * Long lists of a plan (the ids of a frozen cohort, a column of a lookup table or of groups) travel apart from it: a plan
 * is sent to each storage process with every query, and to each of its threads, and a million ids are 40 MB. A list is
 * sent once, under the name of its content, and kept; the plan names it.
 */
export interface DetachedPlan {
  readonly plan: unknown;
  readonly lists: ReadonlyMap<string, DetachedList>;
}

/** JSON of what the part of the plan holds, in UTF-8. */
export interface DetachedList {
  readonly bytes: Uint8Array;
}

/** Shorter ones cost less in the plan than to look for. */
const detachedLengthMin = 1000;

/** The plan with the names of its long lists in their places. */
export function detachLists(plan: unknown): DetachedPlan {
  const lists = new Map<string, DetachedList>();
  const detached = replaceParts(plan, (part) => {
    const content = contentOf(part);
    const [first] = Object.values(content ?? {});
    if (!content || !first || first.length < detachedLengthMin) return null;
    const { name, bytes } = named(content);
    lists.set(name, { bytes });
    const empty = Object.fromEntries(Object.keys(content).map((key) => [key, []]));
    return { ...part, ...empty, list: name };
  });
  return { plan: detached, lists };
}

/** The names of the lists that the plan is without. */
export function listNames(plan: unknown): Set<string> {
  const names = new Set<string>();
  replaceParts(plan, (part) => {
    if (contentOf(part) && typeof part.list === 'string') names.add(part.list);
    return null;
  });
  return names;
}

/** The whole plan again; `read` gives what `DetachedList.bytes` say, the same object each time. */
export function attachLists(plan: Plan, read: (name: string) => object): Plan {
  const whole = replaceParts(plan, (part) => {
    if (!contentOf(part) || typeof part.list !== 'string') return null;
    const { list, ...rest } = part;
    return { ...rest, ...read(list as string) };
  });
  return whole as Plan;
}

/** What travels apart of a part of a plan that may have a long list; null = it is no such part. */
function contentOf(part: Part): Readonly<Record<string, readonly unknown[]>> | null {
  if (part.type === 'users' && Array.isArray(part.ids)) return { ids: part.ids };
  const isTable = part.type === 'lookup' || part.type === 'group';
  if (isTable && Array.isArray(part.keys) && Array.isArray(part.values)) {
    return { keys: part.keys, values: part.values };
  }
  return null;
}

interface NamedList {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** The same list is asked about again and again: its name and its text are made once. By its first array and its last. */
const knownLists = new WeakMap<readonly unknown[], WeakMap<readonly unknown[], NamedList>>();

function named(content: Readonly<Record<string, readonly unknown[]>>): NamedList {
  const arrays = Object.values(content);
  const [first, last = first] = arrays;
  const others = knownLists.get(first) ?? new WeakMap<readonly unknown[], NamedList>();
  knownLists.set(first, others);
  const known = others.get(last);
  if (known !== undefined) return known;
  const bytes = Buffer.from(JSON.stringify(content));
  const list = { name: listName(bytes), bytes };
  others.set(last, list);
  return list;
}

export function listName(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
