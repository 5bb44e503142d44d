import type { EventNeeds } from '../scan/event-needs.ts';
import type { EventGroup } from './event-group.ts';
import type { PackedActivity, PackedColumn, PackedEvent } from './packed-days.ts';
import type { NeededActivity, NeededEvent } from './snapshot-days.ts';
import type { PieceName, Span } from './thread-messages.ts';

/** Event properties that are no columns: threads make them of users and names (published-source.ts). */
const pseudoProperties: ReadonlySet<string> = new Set(['$event_name', '$distinct_id']);

/** Names of the pieces of an event, the ties apart. `hasRuns`: whose rows they are. */
export function pieceNames({ properties, times }: EventNeeds, hasRuns: boolean): PieceName[] {
  const names: PieceName[] = hasRuns ? ['runs'] : [];
  if (times) names.push('times');
  for (const property of properties) {
    if (!pseudoProperties.has(property)) names.push(`column ${property}`);
  }
  return names;
}

export function activityPieces({ times, counts }: NeededActivity): readonly PieceName[] {
  const names: PieceName[] = ['active users'];
  if (times) names.push('active firsts', 'active lasts');
  if (counts) names.push('active counts');
  return names;
}

/** Null = nobody did anything. */
export function packedActivity({ pieces }: EventGroup): PackedActivity | null {
  const span = (name: PieceName): Span | null => pieces.get(name)?.span ?? null;
  const users = span('active users');
  if (users === null || users.length === 0) return null;
  return { users, firsts: span('active firsts'), lasts: span('active lasts') };
}

/** Where the pieces of an event lie once they were brought; `ties` names that of the ties, `event` is an index. */
export function packedEvent(
  { needs }: NeededEvent,
  { pieces, rowCount }: EventGroup,
  ties: PieceName | null,
  event: number,
): PackedEvent {
  const span = (name: PieceName): Span | null => pieces.get(name)?.span ?? null;
  const columns: PackedColumn[] = [];
  for (const name of needs.properties) {
    const piece = pieces.get(`column ${name}`);
    if (!piece?.span || piece.dictionary === null) continue;
    columns.push({ name, codes: piece.span, dictionary: piece.dictionary.id });
  }
  return {
    event,
    rowCount,
    runs: needs.users ? span('runs') : null,
    times: needs.times ? span('times') : null,
    ties: ties && span(ties),
    columns,
  };
}
