import { createDb, type Db } from '@arbor/db';
import { afterAll, beforeAll, beforeEach, expect, inject, test } from 'vitest';
import { createBoards } from '../boards/board-store.ts';
import { createSavedReports } from '../reports/saved-report-store.ts';
import { savedPageSchema } from '@arbor/schema/saved-reports';
import { makeDemoBoard } from './demo-board.ts';

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

const clock = () => Date.UTC(2026, 0, 2);
const page = savedPageSchema.parse({});

test('makes a board whose cards are reports of the project, once', async () => {
  expect(await makeDemoBoard(db, projectId, clock)).toBe('made');
  const [summary] = (await createBoards(db, clock).list(projectId, page)).boards;
  const { cards } = await createBoards(db, clock).get(projectId, summary?.id ?? 0);
  const { reports } = await createSavedReports(db, clock).list(projectId, page);
  const shown = cards.flatMap((card) => (card.type === 'report' ? [card.report] : []));
  expect(shown).toHaveLength(reports.length);
  expect(new Set(shown)).toEqual(new Set(reports.map(({ id }) => id)));
  expect(new Set(reports.map(({ type }) => type))).toEqual(
    new Set(['insights', 'funnel', 'retention']),
  );
  expect(await makeDemoBoard(db, projectId, clock)).toBe('kept');
});

test('does not come back once somebody has put it into the bin', async () => {
  await makeDemoBoard(db, projectId, clock);
  const boards = createBoards(db, clock);
  const [board] = (await boards.list(projectId, page)).boards;
  await boards.change(projectId, board?.id ?? 0, { version: 1, archived: true }, 'ann');
  expect(await makeDemoBoard(db, projectId, clock)).toBe('kept');
  expect((await boards.list(projectId, page)).boards).toEqual([]);
});

test('leaves nothing behind when it cannot be made as a whole', async () => {
  const { id } = await db.project.findUniqueOrThrow({ where: { id: projectId } });
  // The last of all that is written is the audit entry of the board.
  const failing = db.$extends({
    query: {
      auditEntry: {
        create: ({ args, query }) =>
          args.data.action === 'board.create'
            ? Promise.reject(new Error('the database went away'))
            : query(args),
      },
    },
  });
  await expect(makeDemoBoard(failing as unknown as Db, id, clock)).rejects.toThrow('went away');
  expect(await db.savedReport.count({ where: { projectId: id } })).toBe(0);
  expect(await makeDemoBoard(db, id, clock)).toBe('made');
});
