import type { ShardView } from './shard-view.ts';

/**
 * What was counted for one number of a report. An executor picks with the masks and attempts that it counts
 * with, so a list has as many entries as its number says.
 */
export interface Picked {
  /** The view that `users` and `rows` number: with the ends of sessions, where the plan names them. */
  readonly view: ShardView;
  /** Ordinals, ascending, each once; without nobody (0). */
  readonly users: Uint32Array;
  /** Rows that were counted, ascending: the events behind a number of events, or of the users. */
  readonly rows: Uint32Array;
}
