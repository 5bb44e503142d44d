import type { PersonOperation } from '@arbor/schema/ingest';
import type { BatchEvent, BatchPersonUpdate, RowBatch } from '../src/format/row-batch.ts';
import { ShardStore } from '../src/store/shard-store.ts';
import type { ShardCatalog } from '../src/store/shard-catalog.ts';
import { MemoryLogFiles } from '../src/store/row-log/memory-log-files.ts';
import type { LogDamage } from '../src/store/row-log/scan.ts';
import type { ShardView } from '../src/query/exec/shard-view.ts';

/** 2024-03-04T00:00:00Z. */
export const midnight = 1_709_510_400_000;

/** An event of u1 with the given differences; its user is the distinct id unless told otherwise. */
export function event(change: Partial<BatchEvent> = {}): BatchEvent {
  const time = change.time ?? midnight;
  const distinctId = change.distinctId ?? 'u1';
  return {
    event: 'View',
    time,
    sentTime: time,
    distinctId,
    user: distinctId,
    insertId: 'i1',
    position: 0,
    properties: {},
    ...change,
  };
}

export function person(
  user: string,
  operations: readonly PersonOperation[],
  change: Partial<BatchPersonUpdate> = {},
): BatchPersonUpdate {
  return {
    user,
    distinctId: user,
    time: midnight,
    ignoreTime: true,
    position: 0,
    operations,
    ...change,
  };
}

/** A batch of project 1 for shard 0. */
export function batch(batchId: string, change: Partial<RowBatch> = {}): RowBatch {
  return {
    batchId,
    project: 1,
    shard: 0,
    sequence: 1000,
    receivedAt: midnight,
    events: [],
    persons: [],
    links: [],
    ...change,
  };
}

export interface TestStore {
  readonly store: ShardStore;
  readonly files: MemoryLogFiles;
  readonly damage: LogDamage[];
}

/** A store of shard 0 over log files in memory. */
export async function openStore(
  files = new MemoryLogFiles(),
  options: { readonly catalog?: ShardCatalog; readonly chunkRows?: number } = {},
): Promise<TestStore> {
  const damage: LogDamage[] = [];
  const store = await ShardStore.open({
    directory: 'unused: the files are in memory',
    shard: 0,
    clock: () => midnight,
    onDamage: (place) => damage.push(place),
    files,
    ...options,
  });
  return { store, files, damage };
}

/** Rows in the order of the view as `user time event`, with the given properties as JSON behind. */
export function rowTexts(view: ShardView, ...names: readonly string[]): string[] {
  const columns = names.map((name) => view.eventProperty(name));
  return Array.from({ length: view.rowCount }, (_, row) =>
    [
      view.userIds[view.users[row]],
      view.times[row],
      view.eventNames[view.events[row]],
      ...columns.map((column) => {
        const code = column?.codes[row] ?? 0;
        return column && code > 0 ? JSON.stringify(column.values[code]) : '-';
      }),
    ].join(' '),
  );
}

/** The properties of a person as the view has them. */
export function profileOf(
  view: ShardView,
  user: string,
  names: readonly string[],
): { [name: string]: unknown } {
  const ordinal = view.userIds.indexOf(user);
  const profile: { [name: string]: unknown } = {};
  for (const name of names) {
    const column = view.personProperty(name);
    const code = column?.codes[ordinal] ?? 0;
    if (column && code > 0) profile[name] = column.values[code];
  }
  return profile;
}
