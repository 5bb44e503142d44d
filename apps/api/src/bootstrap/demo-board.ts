import { newSavedReportSchema } from '@arbor/schema/saved-reports';
import type { NewSavedReport, SavedQueryInput } from '@arbor/schema/saved-reports';
import { newBoardSchema } from '@arbor/schema/boards';
import type { BoardCard } from '@arbor/schema/boards';
import type { Db } from '@arbor/db';
import { createBoardIn } from '../boards/board-store.ts';
import { createReportIn } from '../reports/saved-report-store.ts';

/** Any number that no other lock of the database uses. */
const demoBoardLock = 72_707_371;
const actor = 'Arbor';

/** A report as a card of the board: how large, what is asked, and how the dashboard shows it. */
interface DemoReport {
  readonly name: string;
  readonly columns: number;
  readonly rows: number;
  readonly query: SavedQueryInput;
  /** In the words of the dashboard, which reads it by its own schema. */
  readonly view: Record<string, unknown>;
}

/**
 * The board that the demo shows at first (`ux.md` UX-O2): made once and as a whole, when the project has nothing of the kind yet. Whoever
 * changes or deletes it keeps it so.
 */
export async function makeDemoBoard(
  db: Db,
  projectId: number,
  clock: () => number,
): Promise<'made' | 'kept'> {
  return db.$transaction(
    async (tx) => {
      await tx.$executeRaw`SELECT pg_advisory_xact_lock(${demoBoardLock})`;
      const where = { projectId };
      const kept = (await tx.savedReport.count({ where })) + (await tx.board.count({ where }));
      if (kept > 0) return 'kept';
      const cards: BoardCard[] = [welcome];
      for (const { columns, rows, ...report } of demoReports(clock())) {
        const { id } = await createReportIn(tx, projectId, savedOf(report), actor);
        cards.push({ type: 'report', id: `report-${id}`, columns, rows, report: id });
      }
      const board = newBoardSchema.parse({
        title: 'The shop at a glance',
        description: 'Orders, the way to them, and who comes back',
        cards,
      });
      await createBoardIn(tx, projectId, board, actor);
      return 'made';
    },
    { timeout: 60_000 },
  );
}

const welcome: BoardCard = {
  type: 'text',
  id: 'welcome',
  columns: 12,
  rows: 1,
  text: 'The last 30 days of a made-up shop, with live visitors. Each title opens the report behind its card.',
};

function savedOf({ name, query, view }: Omit<DemoReport, 'columns' | 'rows'>): NewSavedReport {
  const range = { last: 30, unit: 'day', endsDaysAgo: 0 };
  return newSavedReportSchema.parse({ name, query, range, view });
}

const order = 'Order completed';
const signUp = 'Signed up';
const steps = ['Product viewed', 'Added to cart', 'Checkout started', order];
const country = { scope: 'event', name: 'mp_country_code' } as const;
const amount = { scope: 'event', name: 'amount' } as const;

/** Each range is put in anew when it is asked; that of today is what the schema wants one for. */
function demoReports(nowMs: number): readonly DemoReport[] {
  const today = new Date(nowMs).toISOString().slice(0, 10);
  const range = { from: today, to: today };
  const selector = (event: string | null) => ({ anyOf: [{ event }] });
  const state = (event: string | null) => ({ event, filters: [] });
  const shared = { range: { preset: '30d' }, filters: [], breakdown: null };
  const window = { value: 7, unit: 'day' } as const;
  return [
    {
      name: 'Orders and sign-ups',
      columns: 8,
      rows: 5,
      query: {
        type: 'insights',
        range,
        metrics: [
          { selector: selector(order), measure: { type: 'total' } },
          { selector: selector(signUp), measure: { type: 'total' } },
        ],
      },
      view: {
        ...shared,
        unit: 'day',
        metrics: [
          { ...state(order), measure: { type: 'total' } },
          { ...state(signUp), measure: { type: 'total' } },
        ],
        chart: 'line',
      },
    },
    {
      name: 'Revenue',
      columns: 4,
      rows: 5,
      query: {
        type: 'insights',
        range,
        metrics: [{ selector: selector(order), measure: { type: 'sum', property: amount } }],
      },
      view: {
        ...shared,
        unit: 'day',
        metrics: [{ ...state(order), measure: { type: 'sum', property: amount } }],
        chart: 'number',
      },
    },
    {
      name: 'From the first look to the order',
      columns: 12,
      rows: 6,
      query: { type: 'funnel', range, steps: steps.map(selector), window },
      view: { ...shared, steps: steps.map(state), window },
    },
    {
      name: 'Who comes back after signing up',
      columns: 8,
      rows: 5,
      query: {
        type: 'retention',
        range,
        birth: selector(signUp),
        return: selector(null),
        unit: 'day',
        criterion: 'on',
        mode: 'rolling',
        intervals: 15,
      },
      view: {
        ...shared,
        birth: state(signUp),
        return: state(null),
        unit: 'day',
        criterion: 'on',
        mode: 'rolling',
        births: 'every_bucket',
        intervals: 15,
      },
    },
    {
      name: 'Orders by country',
      columns: 4,
      rows: 5,
      query: {
        type: 'insights',
        range,
        metrics: [{ selector: selector(order), measure: { type: 'total' } }],
        breakdowns: [{ property: country }],
      },
      view: {
        ...shared,
        unit: 'day',
        metrics: [{ ...state(order), measure: { type: 'total' } }],
        breakdown: country,
        chart: 'bar',
      },
    },
  ];
}
