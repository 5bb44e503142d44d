import { createDb, type Db } from '@arbor/db';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import type { AuthorizedProject } from '../auth/authorize.ts';
import { composeDefinitions } from './compose-definitions.ts';
import { createContentStore } from './content-store.ts';
import type { Definitions } from './ports.ts';

let db: Db;
let project: AuthorizedProject;
let definitions: Definitions;
const by = { type: 'project_secret', projectId: 0 } as const;

beforeAll(async () => {
  db = createDb(inject('databaseUrl'));
  const token = crypto.randomUUID();
  const { id: organizationId } = await db.organization.create({ data: { name: token } });
  const data = { organizationId, name: 'Shop', token, timezone: 'UTC' };
  const row = await db.project.create({ data });
  project = { ...row, organization: 'Shop', role: 'analyst' };
  const queries = { run: () => Promise.reject(new Error('no query is asked here')) };
  definitions = composeDefinitions(db, Date.now).definitions({
    engine: { plan: () => null },
    queries,
  });
});
afterAll(() => db.$disconnect());

const madeCohort = async (name: string): Promise<string> => {
  const request = { name, description: '', definition: { type: 'frozen' as const } };
  return (await definitions.create(project, 'cohort', request, by)).id;
};

/** `meanwhile` ends when the file is being read. */
async function* fileOf(
  ids: readonly string[],
  meanwhile: () => Promise<unknown> = () => Promise.resolve(),
): AsyncGenerator<Uint8Array> {
  await meanwhile();
  yield Buffer.from(`distinct_id\n${ids.join('\n')}\n`);
}

async function membersOf(id: string): Promise<string[] | null> {
  const { contentId } = await db.definition.findFirstOrThrow({ where: { id } });
  return contentId === null ? [] : createContentStore(db, Date.now).read(contentId, 0);
}

test('adds members beside those of before', async () => {
  const id = await madeCohort('Friends');
  await definitions.addMembers(project, id, fileOf(['ada']), by);
  const report = await definitions.addMembers(project, id, fileOf(['bob', 'ada']), by);
  expect(report).toMatchObject({ rows: 2, refused: 1 });
  expect(await membersOf(id)).toEqual(['ada', 'bob']);
});

test('never adds members in the place of those that others added meanwhile', async () => {
  const id = await madeCohort('Grown');
  await definitions.addMembers(project, id, fileOf(['ada']), by);
  const other = () => definitions.addMembers(project, id, fileOf(['bob']), by);
  const late = definitions.addMembers(project, id, fileOf(['cleo'], other), by);
  await expect(late).rejects.toMatchObject({ code: 'CONFLICT' });
  expect(await membersOf(id)).toEqual(['ada', 'bob']);
});

test('never brings members back that went away meanwhile', async () => {
  const id = await madeCohort('Left');
  await definitions.addMembers(project, id, fileOf(['ada', 'bob']), by);
  const other = () => definitions.upload(project, 'cohort', id, fileOf(['bob']), by);
  const late = definitions.addMembers(project, id, fileOf(['cleo'], other), by);
  await expect(late).rejects.toMatchObject({ code: 'CONFLICT' });
  expect(await membersOf(id)).toEqual(['bob']);
});
