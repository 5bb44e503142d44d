import { createHash } from 'node:crypto';
import type { DayPart, ProjectSnapshot } from '../scan/project-snapshot.ts';
import { eventNeeds, type EventNeeds, type ScanNeeds } from '../scan/scan-needs.ts';

/** A day of a snapshot, cut down to what a plan needs of it. */
export interface NeededDay {
  readonly day: number;
  readonly startMs: number;
  readonly parts: readonly NeededPart[];
  /** In no particular order. */
  readonly events: readonly NeededEvent[];
}

export interface NeededPart {
  readonly part: DayPart;
  /** Equal keys, equal rows: also says which rows are hidden. */
  readonly key: string;
}

export interface NeededEvent {
  readonly name: string;
  readonly needs: EventNeeds;
  /** Indices into the day's parts. */
  readonly present: readonly number[];
  /** Keys of those parts. */
  readonly key: string;
  /** In all those parts together: no merge can have more. */
  readonly rowsMax: number;
  readonly usersMax: number;
}

const dayMs = 86_400_000;

/** The days and events that the plan can look at, found without opening a file. */
export function neededDays(snapshot: ProjectSnapshot, needs: ScanNeeds): NeededDay[] {
  const days: NeededDay[] = [];
  for (const { day, parts } of snapshot.days) {
    const startMs = day * dayMs;
    const keyed = parts.map((part) => ({ part, key: keyOf(part) }));
    const events = neededEvents(keyed, startMs, needs);
    if (events.length > 0) days.push({ day, startMs, parts: keyed, events });
  }
  return days;
}

function neededEvents(
  parts: readonly NeededPart[],
  startMs: number,
  needs: ScanNeeds,
): NeededEvent[] {
  const names = new Set(parts.flatMap(({ part }) => part.events.map(({ name }) => name)));
  const found: NeededEvent[] = [];
  for (const name of names) {
    const own = eventNeeds(needs, name, startMs);
    if (own === null) continue;
    const present: number[] = [];
    let rowsMax = 0;
    let usersMax = 0;
    for (const [index, { part }] of parts.entries()) {
      const event = part.events.find((one) => one.name === name);
      if (event === undefined || event.rowCount === 0) continue;
      present.push(index);
      rowsMax += event.rowCount;
      usersMax += event.userCount;
    }
    if (present.length === 0) continue;
    const key = present.map((index) => parts[index].key).join('+');
    found.push({ name, needs: own, present, key, rowsMax, usersMax });
  }
  return found;
}

/** Which rows are hidden may change while the part stays the same. */
function keyOf({ type, id, hiddenRows }: DayPart): string {
  if (hiddenRows.length === 0) return `${type}:${id}`;
  const { buffer, byteOffset, byteLength } = hiddenRows;
  const digest = createHash('sha256').update(new Uint8Array(buffer, byteOffset, byteLength));
  return `${type}:${id}~${digest.digest('base64url')}`;
}
