import { createDb, type Db } from '@arbor/db';
import { newSavedReportSchema, savedPageSchema } from '@arbor/schema/saved-reports';
import { afterAll, beforeAll, beforeEach, expect, inject, test } from 'vitest';
import { createAuditLog } from '../audit/audit-log.ts';
import { createBoards } from '../boards/board-store.ts';
import { createSavedReports } from './saved-report-store.ts';

let db: Db;
let projectId: number;
beforeAll(() => {
  db = createDb(inject('databaseUrl'));
});
afterAll(() => db.$disconnect());
beforeEach(async () => {
  const token = crypto.randomUUID();
  const { id: organizationId } = await db.organization.create({ data: { name: token } });
  const data = { organizationId, name: 'Shop', token, timezone: 'UTC' };
  projectId = (await db.project.create({ data })).id;
});

const ann = 'ann@example.com';
const bob = 'bob@example.com';
const clock = () => Date.UTC(2026, 0, 2);
const stores = () => ({ reports: createSavedReports(db, clock), boards: createBoards(db, clock) });

const report = (name: string, more: object = {}) =>
  newSavedReportSchema.parse({
    name,
    query: {
      type: 'insights',
      range: { from: '2026-01-01', to: '2026-01-02' },
      unit: 'day',
      metrics: [{ selector: { anyOf: [{ event: 'Buy' }] }, measure: { type: 'total' } }],
    },
    ...more,
  });
const page = (given: object = {}) => savedPageSchema.parse(given);
const textCard = { type: 'text' as const, id: 't', columns: 12, rows: 1, text: '# Sales' };
const cardOf = (id: string, of: number) => ({
  type: 'report' as const,
  id,
  columns: 6,
  rows: 4,
  report: of,
});

test('keeps a report as it was given, and writes down who made it', async () => {
  const { reports } = stores();
  const view = { chart: 'bar', nested: { list: [1, null, 'x'] } };
  const range = { last: 30, unit: 'day' };
  const made = await reports.create(projectId, report('Sales', { view, range }), ann);
  expect(made).toMatchObject({
    name: 'Sales',
    type: 'insights',
    version: 1,
    createdBy: ann,
    archived: false,
    view,
    range: { last: 30, unit: 'day', endsDaysAgo: 0 },
  });
  expect(made.query).toEqual(report('Sales').query);
  expect(await reports.get(projectId, made.id)).toEqual(made);
  const { entries } = await createAuditLog(db).list(projectId, { limit: 9 });
  expect(entries.map(({ actor, action, target }) => [actor, action, target])).toEqual([
    [ann, 'report.create', String(made.id)],
  ]);
});

test('lists newest first, page by page, those in the bin apart', async () => {
  const { reports } = stores();
  for (const name of ['A', 'B', 'C']) await reports.create(projectId, report(name), ann);
  const first = await reports.list(projectId, page({ limit: 2 }));
  expect(first.reports.map(({ name }) => name)).toEqual(['C', 'B']);
  const rest = await reports.list(projectId, page({ limit: 2, cursor: first.next }));
  expect(rest).toMatchObject({ reports: [{ name: 'A' }], next: null });
  const gone = first.reports[0]?.id ?? 0;
  await reports.change(projectId, gone, { version: 1, archived: true }, bob);
  expect((await reports.list(projectId, page())).reports.map(({ name }) => name)).toEqual([
    'B',
    'A',
  ]);
  expect((await reports.list(projectId, page({ archived: true }))).reports).toMatchObject([
    { name: 'C', archived: true, updatedBy: bob },
  ]);
});

test('a change of a version that is not the present one changes nothing and says who saved since', async () => {
  const { reports } = stores();
  const { id } = await reports.create(projectId, report('A'), ann);
  const after = await reports.change(projectId, id, { version: 1, name: 'B' }, bob);
  expect(after).toMatchObject({ name: 'B', version: 2, updatedBy: bob, createdBy: ann });
  await expect(reports.change(projectId, id, { version: 1, name: 'C' }, ann)).rejects.toMatchObject(
    {
      code: 'CONFLICT',
      message: `report ${id} has version 2, saved by ${bob}; the change was made of version 1`,
    },
  );
  expect(await reports.get(projectId, id)).toEqual(after);
});

test('a range that moves is refused where edges of buckets stay, when made and when changed', async () => {
  const { reports } = stores();
  const range = { last: 30, unit: 'day' as const, endsDaysAgo: 0 };
  const { query } = report('A');
  const edges = { ...query, edges: ['2026-01-01', '2026-01-02'] };
  const refused = {
    code: 'INVALID_REQUEST',
    message:
      'the range of the last 30 days moves and the edges of its buckets do not: leave out the range, or the edges',
  };
  const both = report('A', { query: edges, range });
  await expect(reports.create(projectId, both, ann)).rejects.toMatchObject(refused);
  const made = await reports.create(projectId, report('A', { query: edges }), ann);
  const change = { version: 1, range };
  await expect(reports.change(projectId, made.id, change, ann)).rejects.toMatchObject(refused);
  expect(await reports.get(projectId, made.id)).toEqual(made);
  const moved = await reports.change(projectId, made.id, { ...change, query }, ann);
  expect(moved).toMatchObject({ version: 2, range });
});

test('of two changes of one version at the same time, one is made', async () => {
  const { reports } = stores();
  const { id } = await reports.create(projectId, report('A'), ann);
  const both = await Promise.allSettled(
    ['B', 'C'].map((name) => reports.change(projectId, id, { version: 1, name }, ann)),
  );
  expect(both.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
  expect((await reports.get(projectId, id)).version).toBe(2);
});

test('what belongs to another project is not there', async () => {
  const { reports, boards } = stores();
  const { id } = await reports.create(projectId, report('A'), ann);
  const other = projectId + 1_000_000;
  const text = `there is no saved report ${id} in this project`;
  await expect(reports.get(other, id)).rejects.toThrow(text);
  await expect(reports.change(other, id, { version: 1 }, ann)).rejects.toThrow(text);
  await expect(boards.get(other, 1)).rejects.toThrow('there is no board 1 in this project');
});

test('a board keeps its cards in order, and tells which boards a report is on', async () => {
  const { reports, boards } = stores();
  const { id } = await reports.create(projectId, report('A'), ann);
  const cards = [textCard, cardOf('one', id)];
  const made = await boards.create(projectId, { title: 'Team', description: '', cards }, ann);
  await boards.create(projectId, { title: 'Other', description: '', cards: [textCard] }, ann);
  expect(await boards.get(projectId, made.id)).toMatchObject({ cards, cardCount: 2, version: 1 });
  const turned = await boards.change(
    projectId,
    made.id,
    { version: 1, cards: cards.toReversed() },
    bob,
  );
  expect(turned).toMatchObject({ cards: cards.toReversed(), version: 2, updatedBy: bob });
  const usedIn = await boards.list(projectId, { ...page(), report: id });
  expect(usedIn.boards.map(({ title }) => title)).toEqual(['Team']);
});

test('a board is pinned and taken off again; it is not pinned at first', async () => {
  const { boards } = stores();
  const made = await boards.create(projectId, { title: 'Pin', description: '', cards: [] }, ann);
  expect(made.pinned).toBe(false);
  const titlesOf = async (pinned: boolean): Promise<string[]> =>
    (await boards.list(projectId, { ...page(), pinned })).boards.map(({ title }) => title);
  expect(await titlesOf(true)).not.toContain('Pin');
  const pinned = await boards.change(projectId, made.id, { version: 1, pinned: true }, bob);
  expect(pinned).toMatchObject({ pinned: true, version: 2 });
  expect(await titlesOf(true)).toContain('Pin');
  expect(await titlesOf(false)).not.toContain('Pin');
  await boards.change(projectId, made.id, { version: 2, pinned: false }, bob);
  expect(await titlesOf(true)).not.toContain('Pin');
});

test('a board refuses a report that is not there, and keeps the card of one that went', async () => {
  const { reports, boards } = stores();
  const { id } = await reports.create(projectId, report('A'), ann);
  const board = { title: 'Team', description: '', cards: [cardOf('one', id)] };
  const made = await boards.create(projectId, board, ann);
  await reports.change(projectId, id, { version: 1, archived: true }, ann);
  const wider = { ...cardOf('one', id), columns: 12 };
  const after = await boards.change(projectId, made.id, { version: 1, cards: [wider] }, ann);
  expect(after.cards).toEqual([wider]);
  await expect(boards.create(projectId, board, ann)).rejects.toMatchObject({
    code: 'INVALID_REQUEST',
    message: `cards: there is no saved report ${id}`,
  });
});

test('a board of an old version is not written over', async () => {
  const { boards } = stores();
  const { id } = await boards.create(projectId, { title: 'T', description: '', cards: [] }, ann);
  await boards.change(projectId, id, { version: 1, cards: [textCard] }, bob);
  await expect(boards.change(projectId, id, { version: 1, title: 'X' }, ann)).rejects.toThrow(
    `board ${id} has version 2, saved by ${bob}`,
  );
});
