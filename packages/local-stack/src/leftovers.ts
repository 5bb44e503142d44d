import type { DataFolder } from './data-folder.ts';
import { stopPostgres } from './postgres.ts';
import { groupMembers } from './process-table.ts';
import { stopRedis } from './redis.ts';
import { readRunFile, removeRunFile } from './run-file.ts';
import { endGroup, stackMarker } from './spawn-process.ts';

/** A process of ours gets this long to end by itself: as long as its own shutdown may take. */
const politeMs = 8000;

/**
 * Ends what a killed supervisor left running on this folder, and answers the names. The caller holds
 * the folder's lock, so nothing that lives belongs to a working stack. A process is only touched if it
 * carries the mark of this folder: its number may have gone to a stranger meanwhile.
 */
export async function endLeftovers(folder: DataFolder): Promise<string[]> {
  const run = readRunFile(folder.root);
  const marker = { name: stackMarker, value: folder.root };
  const databases = new Set(['postgres', 'redis']);
  const processes = (run?.processes ?? []).filter(({ name }) => !databases.has(name));
  const alive = processes.filter(({ pid }) => groupMembers(pid, marker).length > 0);
  await Promise.all(alive.map(({ pid }) => endGroup(pid, marker, politeMs)));
  // The databases last, as in an ordinary stop. They keep files of their own that say who they are.
  await Promise.all([stopPostgres(folder.postgres), stopRedis(folder.redis)]);
  removeRunFile(folder.root);
  return alive.map(({ name }) => name);
}
