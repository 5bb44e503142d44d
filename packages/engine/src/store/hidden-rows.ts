import type { UserIds, UserRedirects } from '../query/scan/project-snapshot.ts';
import { eventPartOf } from './merge/event-part.ts';
import { findHiddenOddRows, type SearchPart } from './merge/hidden-odd-rows.ts';
import type { MemoryDay } from './memory-days.ts';
import type { BaseSegment } from './project-base.ts';
import { segmentSearchPart } from './segment-search-part.ts';

export interface HiddenRowsInputs {
  readonly users: UserIds;
  readonly redirects: UserRedirects;
  readonly segments: readonly BaseSegment[];
  readonly memory: readonly MemoryDay[];
}

interface Owner {
  readonly project: number;
  readonly shard: number;
}

const none: ReadonlyMap<string, Uint32Array> = new Map();

/**
 * Rows that a later copy with another time has taken the place of, by part id; parts without any are left
 * out. The last answer is kept, because most snapshots differ in nothing that matters here.
 */
export class HiddenRows {
  readonly #owner: Owner;
  #last: { readonly inputs: HiddenRowsInputs; readonly hidden: typeof none } | undefined;

  constructor(owner: Owner) {
    this.#owner = owner;
  }

  find(inputs: HiddenRowsInputs): typeof none {
    const { segments, memory } = inputs;
    const hasOdd =
      segments.some(({ entry }) => entry.meta.oddRowCount > 0) ||
      memory.some(({ rows }) => rows.oddRowCount > 0);
    if (!hasOdd) return none;
    if (!this.#last || !isSame(this.#last.inputs, inputs)) {
      this.#last = { inputs, hidden: search(inputs, this.#owner) };
    }
    return this.#last.hidden;
  }
}

function isSame(inputs: HiddenRowsInputs, other: HiddenRowsInputs): boolean {
  return (
    inputs.segments === other.segments &&
    inputs.redirects === other.redirects &&
    inputs.memory.length === other.memory.length &&
    inputs.memory.every((day, i) => day === other.memory[i])
  );
}

function search(inputs: HiddenRowsInputs, owner: Owner): typeof none {
  const { users, redirects, segments, memory } = inputs;
  const parts = [
    ...segments.map(({ entry, part }) => ({
      id: part.id,
      search: segmentSearchPart(entry, owner),
    })),
    ...memory.map((day) => ({ id: day.part.id, search: memorySearchPart(day) })),
  ].sort((a, b) => a.search.day - b.search.day);
  const userId = (ordinal: number): string => {
    if (ordinal === 0) return '';
    const bytes = users.bytes.subarray(users.ends[ordinal - 1], users.ends[ordinal]);
    return Buffer.from(bytes).toString();
  };
  const found = findHiddenOddRows(
    parts.map((part) => part.search),
    { redirects, userId },
  );
  const hidden = new Map<string, Uint32Array>();
  for (const [i, rows] of found.entries()) if (rows.length > 0) hidden.set(parts[i].id, rows);
  return hidden;
}

function memorySearchPart({ day, part, rows }: MemoryDay): SearchPart {
  const segmentRows = rows.segmentRows(new Set());
  return {
    day,
    oddRowCount: rows.oddRowCount,
    events: part.events,
    event: (event) => eventPartOf(segmentRows, event),
  };
}
