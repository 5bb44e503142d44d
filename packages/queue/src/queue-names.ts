/** The two ways into the system: small and large customers never wait behind one another. */
export type IngestLane = 'live' | 'bulk';

/** BullMQ builds its keys with ":", so a queue's name must not contain one. */
export const ingestQueue = (lane: IngestLane): string => `ingest-${lane}`;

export const ingestLanes: readonly IngestLane[] = ['live', 'bulk'];

/** One queue a shard a zone: every replica gets every batch of its shard. */
export const storeQueue = (shard: number, zone: string): string => `store-${shard}-${zone}`;

export const deadLetterQueue = 'dead-letter';

export type ClusterShape = { readonly zones: readonly string[]; readonly shards: number };

/** The store queues of a cluster, shard by shard. */
export function storeQueues(shape: ClusterShape): { shard: number; zone: string; queue: string }[] {
  const queues: { shard: number; zone: string; queue: string }[] = [];
  for (let shard = 0; shard < shape.shards; shard++) {
    for (const zone of shape.zones) queues.push({ shard, zone, queue: storeQueue(shard, zone) });
  }
  return queues;
}
