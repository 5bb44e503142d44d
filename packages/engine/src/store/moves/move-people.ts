import type { Properties } from '@arbor/schema/property-value';
import type { BatchPersonUpdate } from '../../format/row-batch.ts';
import { emptyBatch, type Move, type MoveBatch, sealed } from './move-batches.ts';

/** What the catalog's files say of some users, by id. */
export type BaseProfiles = Readonly<Record<string, Properties>>;

/** Who was merged into whom, by a batch of this sequence; null = as files say, which have forgotten when. */
export interface MovedLink {
  readonly loser: string;
  readonly winner: string;
  readonly sequence: number | null;
}

/** An update as it was sent, and the batch that brought it. */
export interface MovedUpdate {
  readonly batchId: string;
  readonly sequence: number;
  readonly update: BatchPersonUpdate;
}

/**
 * What the shard must know beside the events: who was merged into whom, and what was said of these users, each at its own
 * place in the order of arrival, so that it becomes what it would be if it had always been here: also where an update of
 * the loser brought the link along with an earlier batch. What files say comes before all else.
 *
 * **Invariant:** the same update makes the same batch, whoever reads it from wherever: one batch for each user and batch
 * that it came with. What files say is to be read once a move, for it becomes what later updates made of it.
 */
export function peopleBatches(
  move: Move,
  shard: number,
  {
    profiles,
    links,
    updates,
  }: {
    readonly profiles: BaseProfiles;
    readonly links: readonly MovedLink[];
    readonly updates: readonly MovedUpdate[];
  },
): MoveBatch[] {
  const batches: MoveBatch[] = [];
  if (move.loser !== move.winner) {
    const own = [{ loser: move.loser, winner: move.winner }];
    const batch = { ...emptyBatch(move, shard), sequence: move.sequence ?? 0, links: own };
    batches.push(sealed(move, 'link', batch));
  }
  if (Object.keys(profiles).length > 0) {
    const persons = Object.entries(profiles).map(([user, values], position) =>
      setOnce(move, { user, values, position }),
    );
    batches.push(sealed(move, 'profile', { ...emptyBatch(move, shard), persons }));
  }
  for (const { sequence: at, loser, winner } of links) {
    // Whom these two are one with the move says, and nobody else: the shard may know of links that were undone since.
    if (loser === move.loser || loser === move.winner) continue;
    const sequence = at ?? 0;
    const link = { loser, winner: at === null ? ownerOf(move, winner) : winner };
    const batch = { ...emptyBatch(move, shard), sequence, links: [link] };
    batches.push(sealed(move, `link-${sequence.toString(36)}`, batch));
  }
  for (const own of byBatchAndUser(updates)) {
    const { sequence } = own[0];
    const persons = own.map(({ update }) => update);
    const batch = { ...emptyBatch(move, shard), sequence, persons };
    batches.push(sealed(move, `update-${sequence.toString(36)}`, batch));
  }
  return batches;
}

/** Files that know of the merge have under the winner what was the loser's: of his own he has nothing there. */
const ownerOf = ({ loser, winner }: Move, holder: string): string =>
  holder === winner ? loser : holder;

function setOnce(
  move: Move,
  { user: holder, values, position }: { user: string; values: Properties; position: number },
): BatchPersonUpdate {
  const { createdAt } = move;
  const user = ownerOf(move, holder);
  return {
    user,
    distinctId: user,
    time: createdAt,
    ignoreTime: true,
    position,
    operations: [{ operator: '$set_once', values }],
  };
}

function byBatchAndUser(updates: readonly MovedUpdate[]): [MovedUpdate, ...MovedUpdate[]][] {
  const groups = new Map<string, [MovedUpdate, ...MovedUpdate[]]>();
  for (const one of updates) {
    const key = JSON.stringify([one.batchId, one.update.user]);
    const own = groups.get(key);
    if (own === undefined) groups.set(key, [one]);
    else own.push(one);
  }
  return [...groups.values()];
}
