import type { LiveEntry, LiveFilter } from '@arbor/schema/live';

/** An entry with its place in the stream: what a viewer sends back to go on after it. */
export interface LivePosition {
  readonly streamId: string;
  readonly entry: LiveEntry;
}

/** The Live view's source (`ux.md` 15). */
export interface Live {
  /** The last entries that pass, oldest first. */
  recent(project: number, filter: LiveFilter, max: number): Promise<LivePosition[]>;
  /**
   * Without `after`: the last entries that pass, then each as it comes. With it: everything behind
   * that place first, so a viewer that reconnects misses nothing. Ends when `signal` aborts.
   */
  follow(
    project: number,
    filter: LiveFilter,
    options: { readonly after?: string; readonly signal: AbortSignal },
  ): AsyncIterable<LivePosition>;
}
