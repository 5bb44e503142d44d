import { cutByCode, cutByEvents, cutByTimeout } from '../kernels/cut-sessions.ts';
import type { SessionInput } from '../kernels/cut-sessions.ts';
import { setByCode } from '../kernels/mask.ts';
import { isSessionEvent, neverInSession } from '../plan/session-events.ts';
import { localDays } from './local-days.ts';
import type { RowContextPlan } from './row-context.ts';
import type { PropertyColumn, ShardView } from './shard-view.ts';

/** Session of each row of a view: an ordinal from 1, 0 = the row is in none (12). */
export interface Sessions {
  readonly ofRow: Uint32Array;
  /** Sessions 1 … count, in the order of users and of their starts. */
  readonly count: number;
}

/** Sessions with what their own events say of them; lists by session, the first place is unused. */
export interface CutSessions extends Sessions {
  readonly firstRows: Uint32Array;
  readonly lastRows: Uint32Array;
  readonly eventCounts: Uint32Array;
  /** 1 where no event ended what an event opened: midnight did, and the session has no duration. */
  readonly unended: Uint8Array;
}

/** Cuts sessions from the rows of a view that has no session events yet (`sessionsOf` is for both). */
export function cutSessions(
  { sessions: { mode, excluded }, zone }: Pick<RowContextPlan, 'sessions' | 'zone'>,
  view: ShardView,
): CutSessions {
  const { dayOf, follows } = localDays(view.times, zone);
  const out = new Set([...neverInSession, ...excluded]);
  const counts = maskOf(view, (name) => !out.has(name) && !isSessionEvent(name));
  const input: SessionInput = { users: view.users, times: view.times, days: dayOf, counts };
  const ofRow = new Uint32Array(view.rowCount);
  const unended = new Uint8Array(view.rowCount + 1);
  switch (mode.type) {
    case 'timeout':
      return described(ofRow, cutByTimeout(input, mode.timeoutMs, ofRow), unended);
    case 'property': {
      const codes = definedCodes(view.eventProperty(mode.name));
      const count = codes === undefined ? 0 : cutByCode(input, codes, ofRow);
      return described(ofRow, count, unended);
    }
    case 'events': {
      const { start, end } = mode;
      const marks = maskOf(view, (name) => Number(name === start) + 2 * Number(name === end));
      const count = cutByEvents(input, marks, follows, { sessions: ofRow, unended });
      return described(ofRow, count, unended);
    }
  }
}

/** By row, what is said of its event. */
function maskOf(view: ShardView, say: (name: string) => number | boolean): Uint8Array {
  const mask = new Uint8Array(view.rowCount);
  setByCode(
    view.events,
    Uint8Array.from(view.eventNames, (name) => Number(say(name))),
    mask,
  );
  return mask;
}

/** Codes with 0 for null as well: it is no value (3.7). */
function definedCodes(column: PropertyColumn | undefined): Uint32Array | undefined {
  const unset = column?.values.indexOf(null, 1) ?? -1;
  return unset < 0 ? column?.codes : column?.codes.map((code) => (code === unset ? 0 : code));
}

function described(ofRow: Uint32Array, count: number, unended: Uint8Array): CutSessions {
  const firstRows = new Uint32Array(count + 1);
  const lastRows = new Uint32Array(count + 1);
  const eventCounts = new Uint32Array(count + 1);
  for (let row = 0; row < ofRow.length; row++) {
    const session = ofRow[row];
    if (session === 0) continue;
    if (eventCounts[session]++ === 0) firstRows[session] = row;
    lastRows[session] = row;
  }
  return { ofRow, count, firstRows, lastRows, eventCounts, unended };
}
