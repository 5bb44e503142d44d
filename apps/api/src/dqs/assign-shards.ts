import type { Member } from '@arbor/schema/cluster';

/** A replica that is further behind the best one of its shard than this is asked only in need. */
const lagToleranceMs = 1000;

export interface Assignment {
  readonly member: Member;
  readonly shards: number[];
}

/** How often a shard was asked of a member in this query, without success. */
export type Failures = (shard: number, member: Member) => number;

/**
 * Gives each shard to one live replica. In this order it prefers: a replica that has not failed yet in
 * this query, one that is not behind the others, the one with the least work so far. `turn` rotates
 * who is first among equals, so that small queries use all zones too.
 */
export function assignShards(options: {
  readonly shards: readonly number[];
  readonly members: readonly Member[];
  readonly failures: Failures;
  readonly failuresMax: number;
  readonly turn: number;
}): { readonly assignments: Assignment[]; readonly unserved: number[] } {
  const { shards, failures, failuresMax } = options;
  const members = rotate(options.members, options.turn);
  const assignments = new Map<string, Assignment>();
  const unserved: number[] = [];
  for (const shard of shards) {
    const candidates = members.filter(
      (member) =>
        member.serving && member.shards.includes(shard) && failures(shard, member) < failuresMax,
    );
    const best = pick(
      candidates,
      shard,
      failures,
      (name) => assignments.get(name)?.shards.length ?? 0,
    );
    if (best === undefined) {
      unserved.push(shard);
      continue;
    }
    const known = assignments.get(best.name);
    if (known === undefined) assignments.set(best.name, { member: best, shards: [shard] });
    else known.shards.push(shard);
  }
  return { assignments: [...assignments.values()], unserved };
}

function pick(
  candidates: readonly Member[],
  shard: number,
  failures: Failures,
  load: (name: string) => number,
): Member | undefined {
  const failuresMin = Math.min(...candidates.map((member) => failures(shard, member)));
  const untried = candidates.filter((member) => failures(shard, member) === failuresMin);
  const lagMin = Math.min(...untried.map(({ lagMs }) => lagMs));
  const current = untried.filter(({ lagMs }) => lagMs <= lagMin + lagToleranceMs);
  const loadMin = Math.min(...current.map(({ name }) => load(name)));
  return current.find(({ name }) => load(name) === loadMin);
}

function rotate<T>(items: readonly T[], by: number): T[] {
  const start = items.length === 0 ? 0 : by % items.length;
  return [...items.slice(start), ...items.slice(0, start)];
}
