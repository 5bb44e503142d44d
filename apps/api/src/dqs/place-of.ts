import { groupProject } from '@arbor/engine/group-project';
import { shardsOfProject } from '@arbor/engine/placement';
import type { QueriedProject } from './ports.ts';

/** Where it lies what a question is about, and under which number. */
export interface Place {
  readonly stored: number;
  readonly shards: readonly number[];
}

/** Users lie over the shards of their project; profiles of groups lie on each of them, so that one is enough. */
export function placeOf(
  { project, groups = false }: { readonly project: QueriedProject; readonly groups?: boolean },
  shardCount: number,
): Place {
  const shards = shardsOfProject({ project: project.id, spread: project.spread, shardCount });
  if (!groups) return { stored: project.id, shards };
  return { stored: groupProject(project.id), shards: shards.slice(0, 1) };
}
