import type { Logger } from '@arbor/runtime/logger';
import type { LiveFilter } from '@arbor/schema/live';
import type { Redis } from 'ioredis';
import { passesFilter } from './live-filter.ts';
import type { Live, LivePosition } from './ports.ts';
import { ProjectFeed } from './project-feed.ts';
import { RecentIds } from './recent-ids.ts';
import { readAfter, readBefore } from './stream-reader.ts';

/** Rows a viewer starts with. */
export const recentMax = 100;
/** How far a filter that matches little is followed back: the whole stream is ten times this. */
const searchedMax = 5000;
const pageSize = 500;

export interface RedisLiveOptions {
  /** For short reads. */
  readonly redis: Redis;
  /** A connection that may block, for one project's reader. */
  readonly connect: () => Redis;
  readonly logger: Logger;
}

interface SharedFeed {
  readonly feed: ProjectFeed;
  viewers: number;
}

/** One blocking reader a project while anybody watches it, shared by all its viewers. */
export class RedisLive implements Live {
  readonly #options: RedisLiveOptions;
  readonly #feeds = new Map<number, SharedFeed>();

  constructor(options: RedisLiveOptions) {
    this.#options = options;
  }

  async recent(project: number, filter: LiveFilter, max: number): Promise<LivePosition[]> {
    const { redis } = this.#options;
    const found: LivePosition[] = [];
    const seen = new RecentIds();
    let before: string | null = null;
    for (let searched = 0; searched < searchedMax && found.length < max; searched += pageSize) {
      const page: LivePosition[] = await readBefore(redis, project, before, pageSize);
      for (const position of page) {
        if (found.length === max) break;
        const { entry } = position;
        if (passesFilter(entry, filter) && seen.add(entry.id)) found.push(position);
      }
      if (page.length < pageSize) break;
      before = page.at(-1)?.streamId ?? before;
    }
    return found.reverse();
  }

  async *follow(
    project: number,
    filter: LiveFilter,
    { after, signal }: { readonly after?: string; readonly signal: AbortSignal },
  ): AsyncGenerator<LivePosition> {
    const feed = this.#join(project);
    const seen = new RecentIds();
    try {
      let place = after ?? (await this.#end(project));
      if (after === undefined) {
        for (const position of await this.recent(project, filter, recentMax)) {
          seen.add(position.entry.id);
          yield position;
        }
      }
      while (!signal.aborted && !feed.stopped) {
        // Asked for before reading, so that what comes in between is not slept through.
        const changed = feed.changed(signal);
        const entries = feed.after(place) ?? (await this.#catchUp(project, place));
        for (const position of entries) {
          place = position.streamId;
          if (!passesFilter(position.entry, filter) || !seen.add(position.entry.id)) continue;
          yield position;
          if (signal.aborted) return;
        }
        if (entries.length === 0) await changed;
      }
    } finally {
      this.#leave(project);
    }
  }

  /** Ends every reader, and with it every viewer. */
  close(): void {
    for (const { feed } of this.#feeds.values()) feed.stop();
    this.#feeds.clear();
  }

  /** Where following starts: `recent` reads a little later, and what it saw is dropped as a repeat. */
  async #end(project: number): Promise<string> {
    const [newest] = await readBefore(this.#options.redis, project, null, 1);
    return newest?.streamId ?? '0-0';
  }

  #catchUp(project: number, after: string): Promise<LivePosition[]> {
    return readAfter(this.#options.redis, project, after, pageSize);
  }

  #join(project: number): ProjectFeed {
    const known = this.#feeds.get(project);
    if (known !== undefined) {
      known.viewers++;
      return known.feed;
    }
    const { connect, logger } = this.#options;
    const feed = new ProjectFeed(project, connect(), logger);
    this.#feeds.set(project, { feed, viewers: 1 });
    void feed.run();
    return feed;
  }

  #leave(project: number): void {
    const shared = this.#feeds.get(project);
    if (shared === undefined || --shared.viewers > 0) return;
    shared.feed.stop();
    this.#feeds.delete(project);
  }
}
