import type { PropertyValue } from '@arbor/schema/property-value';
import { must } from '../../base/assert.ts';
import type { ListedRow, ListPartial } from '../merge/partial.ts';
import type { ChosenEvents, EventKey, ListPlan } from '../plan/plan-types.ts';
import { invalidQuery } from '../plan/invalid-query.ts';
import { eventKey } from './list-key.ts';
import { createRowContext } from './row-context.ts';
import type { PropertyColumn, ShardView } from './shard-view.ts';

/** Of the properties that one range of users sends: an event has at most a megabyte, and a page many events. */
const propertiesBytesMax = 32 * 1024 * 1024;

/**
 * The events of a page with their properties, as far as this view has them: other views of the shard have the
 * others, and one that was deleted meanwhile is in none.
 */
export function chosenRows(
  plan: ListPlan,
  { keys, properties }: ChosenEvents,
  stored: ShardView,
): ListPartial {
  const names = must(properties, 'the names of the properties of listed events');
  // With the events of sessions, where the report names them.
  const { view } = createRowContext(plan.of, stored);
  const columns = names.map((name) => [name, view.eventProperty(name)] as const);
  const events = rowsOf(keys, view).map(([key, row]): ListedRow => ({
    ...key,
    properties: propertiesAt(columns, row),
  }));
  checkRoom(events);
  return { type: 'list', total: 0, users: [], events };
}

function checkRoom(events: readonly ListedRow[]): void {
  let length = 0;
  for (const { properties } of events) length += JSON.stringify(properties).length;
  if (length <= propertiesBytesMax) return;
  throw invalidQuery(
    `the properties of the events of this page are ${length} characters or more, at most ` +
      `${propertiesBytesMax}: ask for shorter pages with \`limit\``,
  );
}

function rowsOf(keys: readonly EventKey[], view: ShardView): [EventKey, number][] {
  const { times, rowCount } = view;
  const wanted = new Map(keys.map((key) => [textOf(key), key]));
  const instants = new Set(keys.map(({ timeMs }) => timeMs));
  const found: [EventKey, number][] = [];
  for (let row = 0; row < rowCount; row++) {
    if (!instants.has(times[row])) continue;
    const key = wanted.get(textOf(eventKey(view, row)));
    if (key !== undefined) found.push([key, row]);
  }
  return found;
}

function textOf({ user, timeMs, event, rank }: EventKey): string {
  return JSON.stringify([user, timeMs, event, rank]);
}

function propertiesAt(
  columns: readonly (readonly [string, PropertyColumn | undefined])[],
  row: number,
): Record<string, PropertyValue> {
  const own: Record<string, PropertyValue> = {};
  for (const [name, column] of columns) {
    const code = column?.codes[row] ?? 0;
    if (column && code > 0) own[name] = column.values[code];
  }
  return own;
}
