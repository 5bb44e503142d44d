import type { GroupProfiles } from '../../src/query/scan/project-snapshot.ts';
import type { World } from './world.ts';

/** What is known of a world's groups, as the store would say it. */
export function groupsOf({ groups = {} }: World): GroupProfiles {
  return {
    property(groupKey, name) {
      const own = Object.entries(groups[groupKey] ?? {}).flatMap(([id, profile]) =>
        name in profile ? [[id, profile[name]] as const] : [],
      );
      if (own.length === 0) return undefined;
      return { keys: own.map(([id]) => id), values: own.map(([, value]) => value) };
    },
  };
}
