import { beforeAll, describe } from 'vitest';
import type { ShardView } from '../../src/query/exec/shard-view.ts';
import { ask } from '../model/ask.ts';
import { buildViews } from '../model/build-views.ts';
import { hasDataSets, loadWorld } from './load-data-set.ts';
import type { Asker } from './questions.ts';
import { deskdropTests, megalineTests, onlineRetailTests } from './reference-answers.ts';

const shardCount = 4;

// The data lies beside the repository, not in it: where it is missing there is nothing to compare.
describe.runIf(hasDataSets).each([
  { name: 'deskdrop', addTests: deskdropTests },
  { name: 'online-retail', addTests: onlineRetailTests },
  { name: 'megaline', addTests: megalineTests },
])('$name: reference answers', ({ name, addTests }) => {
  let views: readonly ShardView[];
  beforeAll(() => {
    views = buildViews(loadWorld(name), shardCount);
  }, 60_000);
  const asker: Asker = (query) => Promise.resolve(ask(views, query));
  addTests(asker);
});
