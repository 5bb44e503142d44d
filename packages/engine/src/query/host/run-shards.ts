import type { ProjectSnapshot } from '../scan/project-snapshot.ts';
import type { ScanNeeds } from '../scan/scan-needs.ts';
import { DayLoader, type LoaderContext } from './day-loader.ts';
import type { ProjectGroups } from './event-group.ts';
import type { SnapshotKeys } from './fragments.ts';
import type { PackedDays } from './packed-days.ts';
import type { SharedSnapshots, SnapshotLease } from './shared-snapshot.ts';
import { type NeededDay, neededDays } from './snapshot-days.ts';
import type { ShardOrder } from './thread-messages.ts';

/** A shard that a run reads, and what is in memory of it. */
export interface RunShard {
  readonly snapshot: ProjectSnapshot;
  readonly groups: ProjectGroups;
}

/** Days of all shards that threads can find. */
interface PublishedShards {
  /** By shard. */
  readonly days: readonly PackedDays[];
  /** What threads must know of: slabs and dictionaries. */
  readonly things: ReadonlySet<number>;
  readonly rowCount: number;
}

type LoadedShard = RunShard & { readonly loader: DayLoader };

/**
 * What a run reads: one shard, or all of a project together where groups are counted, whose users lie on many. Days say
 * of which shard they are, and may be cut into chunks in any way.
 */
export class RunShards {
  readonly #shards: readonly LoadedShard[];
  readonly #lease: SnapshotLease;
  readonly #needs: ScanNeeds;
  readonly #personNames: readonly string[];

  /** `personNames`: properties of persons that threads are to know. */
  constructor(
    context: LoaderContext & { readonly snapshots: SharedSnapshots },
    shards: readonly RunShard[],
    options: {
      readonly job: number;
      readonly needs: ScanNeeds;
      readonly personNames: readonly string[];
    },
  ) {
    const { job, needs, personNames } = options;
    const { order } = needs;
    const lease = context.snapshots.lease();
    this.#lease = lease;
    this.#needs = needs;
    this.#personNames = personNames;
    this.#shards = shards.map(({ snapshot, groups }): LoadedShard => {
      const loader = new DayLoader({ ...context, groups }, { snapshot, lease, job, order });
      return { snapshot, groups, loader };
    });
  }

  /** Share of what had to be decoded that is, 0 … 1. */
  get progress(): number {
    const sum = this.#shards.reduce((done, { loader }) => done + loader.progress, 0);
    return sum / this.#shards.length;
  }

  /** A property of persons may have millions of values: others have their turns between two steps. */
  *personSteps(): Generator<void> {
    for (const { snapshot } of this.#shards) {
      const steps = snapshot.personSteps?.(this.#needs.personProperties) ?? null;
      while (steps !== null && steps.next().done !== true) yield;
    }
  }

  days(): NeededDay[] {
    const [{ snapshot }, ...others] = this.#shards;
    const first = neededDays(snapshot, this.#needs);
    const rest = others.flatMap((shard, i) =>
      neededDays(shard.snapshot, this.#needs).map((day) => ({ ...day, place: i + 1 })),
    );
    return [...first, ...rest];
  }

  keys(): SnapshotKeys[] {
    return this.#shards.map(({ snapshot, groups }) => ({
      project: snapshot.project,
      shard: snapshot.shard,
      redirects: groups.versionOf(snapshot.redirects),
      users: this.#lease.users(snapshot),
      persons: this.#persons(snapshot),
    }));
  }

  /** As threads are told of them. */
  orders(): ShardOrder[] {
    return this.#shards.map(({ snapshot }) => ({
      users: this.#lease.users(snapshot),
      persons: this.#persons(snapshot),
    }));
  }

  /** See `DayLoader`, as all that follow. */
  withoutBarren(days: readonly NeededDay[]): {
    readonly days: readonly NeededDay[];
    readonly rowCount: number;
  } {
    const left = this.#shards.map(({ loader }, place) => loader.withoutBarren(daysOf(days, place)));
    return {
      days: left.flatMap((one) => one.days),
      rowCount: left.reduce((sum, { rowCount }) => sum + rowCount, 0),
    };
  }

  bytesOf(day: NeededDay): number {
    return this.#shards[day.place ?? 0].loader.bytesOf(day);
  }

  async bring(days: readonly NeededDay[], check: () => void): Promise<void> {
    if (this.#shards.length === 1) return this.#shards[0].loader.bring(days, check);
    // What is there of one shard may be replaced while another loads: until all are found there in one turn.
    for (let waits = -1; waits !== this.#waits;) {
      waits = this.#waits;
      await Promise.all(
        this.#shards.map(({ loader }, place) => loader.bring(daysOf(days, place), check)),
      );
    }
  }

  get #waits(): number {
    return this.#shards.reduce((sum, { loader }) => sum + loader.waits, 0);
  }

  publish(days: readonly NeededDay[], eventIndex: ReadonlyMap<string, number>): PublishedShards {
    const published = this.#shards.map(({ loader }, place) =>
      loader.publish(daysOf(days, place), eventIndex),
    );
    return {
      days: published.map((one) => one.days),
      things: new Set(published.flatMap(({ things }) => [...things])),
      rowCount: published.reduce((sum, { rowCount }) => sum + rowCount, 0),
    };
  }

  /** Lets go of the columns: no thread may read them any more. */
  releaseColumns(): void {
    for (const { loader } of this.#shards) loader.release();
  }

  /** Lets go of everything. */
  release(): void {
    this.releaseColumns();
    this.#lease.release();
  }

  /** Those that nobody has are left out. */
  #persons(snapshot: ProjectSnapshot): (readonly [name: string, id: number])[] {
    return this.#personNames.flatMap((name) => {
      const id = this.#lease.personColumn(snapshot, name);
      return id === null ? [] : [[name, id] as const];
    });
  }
}

/** Those of one shard: all of them, where there is but one. */
function daysOf(days: readonly NeededDay[], place: number): readonly NeededDay[] {
  return days.filter((day) => (day.place ?? 0) === place);
}
