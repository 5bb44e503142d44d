import { identifierText } from '../../identity/links.ts';
import type { EventTable } from '../event-table.ts';
import type { UserDictionary } from '../users/user-dictionary.ts';

/**
 * By row of the table the ordinal of the user that its `$user_id` names; 0 = it names nobody who is a user here. Whose
 * the row is that decides only where a device sent it (`ownIdentifierOf`). Good for the rows and users of now.
 */
export function namedUsersOf(events: EventTable, users: UserDictionary): (row: number) => number {
  const values = events.shapeTree.dictionary('$user_id')?.values;
  if (values === undefined) return () => 0;
  const places = events.shapeTree.places('$user_id');
  const ordinals = new Map<number, number>();
  return (row) => {
    const place = places[events.shapes.array[row]];
    if (place < 0) return 0;
    const code = events.values.array[events.valueStarts.array[row] + place];
    let ordinal = ordinals.get(code);
    if (ordinal === undefined) {
      ordinal = users.find(identifierText(values[code]) ?? '');
      ordinals.set(code, ordinal);
    }
    return ordinal;
  };
}
