import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { dataSetFiles, hasDataSets } from '@arbor/engine/test/data-sets/load-data-set';
import type { Asker } from '@arbor/engine/test/data-sets/questions';
import {
  deskdropTests,
  megalineTests,
  onlineRetailTests,
} from '@arbor/engine/test/data-sets/reference-answers';
import { startTestStack, type TestStack } from '@arbor/local-stack/testing/test-stack';
import { cli } from '../support/command.ts';
import { ask, bootstrapOf, countEvents, testProject } from '../support/project.ts';
import { until } from '../support/wait.ts';

const dataSets = [
  { project: testProject(11, 'deskdrop'), events: 72_312, people: 1895, addTests: deskdropTests },
  {
    project: testProject(12, 'online-retail'),
    events: 566_470,
    people: 4372,
    addTests: onlineRetailTests,
  },
  { project: testProject(13, 'megaline'), events: 319_145, people: 500, addTests: megalineTests },
];

const hasProfile = {
  type: 'property' as const,
  property: { scope: 'person' as const, name: '$created' },
  operator: 'is_set' as const,
};

let stack: TestStack;

beforeAll(async () => {
  const bootstrap = bootstrapOf(dataSets.map(({ project }) => project));
  stack = await startTestStack({ web: false, demo: false, bootstrap });
});
afterAll(async () => {
  await stack.stop();
});

// The data lies beside the repository, not in it: where it is missing there is nothing to compare.
describe.runIf(hasDataSets).each(dataSets)(
  '$project.name, imported by the cli and asked over the API',
  ({ project, events, people, addTests }) => {
    beforeAll(async () => {
      const files = dataSetFiles(project.name);
      for (const file of [files.events, files.people]) {
        await cli(stack.dataDir, 'import', file, '--project', project.token);
      }
      // What is imported again changes nothing.
      await cli(stack.dataDir, 'import', files.people, '--project', project.token);
    }, 300_000);

    test.each(['a', 'b'])('zone %s counts every event and person once', async (zone) => {
      const { total } = await until(
        () => countEvents(stack.apiUrl, project, { zone }),
        (counted) => counted.total >= events,
        { timeoutMs: 120_000, everyMs: 500 },
      );
      expect(total).toBe(events);
      // Everybody in these sets has a profile; events and profiles come through different queues.
      const { users } = await until(
        () => countEvents(stack.apiUrl, project, { zone, filters: [hasProfile] }),
        (counted) => counted.users >= people,
      );
      expect(users).toBe(people);
    });

    const asker: Asker = async (query) =>
      // The result's type follows the query's, which the wire's schema cannot say.
      (await ask(stack.apiUrl, project, query)).result as never;
    addTests(asker);
  },
);
