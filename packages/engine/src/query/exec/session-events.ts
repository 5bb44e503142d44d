import type { PropertyValue } from '@arbor/schema/property-value';
import { nameOfDoers } from '../plan/doer-properties.ts';
import {
  isSessionEvent,
  sentName,
  sessionEnd,
  sessionProperties,
  sessionStart,
} from '../plan/session-events.ts';
import type { RowContextPlan } from './row-context.ts';
import { cutSessions } from './sessions.ts';
import type { CutSessions, Sessions } from './sessions.ts';
import type { PropertyColumn, ShardView } from './shard-view.ts';

/** Views that have the events of their sessions, and those whose sessions were cut before, with these sessions. */
const sessionsByView = new WeakMap<ShardView, Sessions>();

/** Says of a view that has rows of some events alone which sessions they lie in. Its plan names no session event. */
export function knowSessions(view: ShardView, sessions: Sessions): void {
  sessionsByView.set(view, sessions);
}

/** The sessions of a view. Its own session events, where it has them, belong to the sessions that they end. */
export function sessionsOf(plan: RowContextPlan, view: ShardView): Sessions {
  return sessionsByView.get(view) ?? cutSessions(plan, view);
}

/**
 * The view with `$session_start` and `$session_end` as rows, where the plan names one of them; else the view
 * itself. The one comes right before the first event of its session, the other right after the last.
 *
 * Invariant: these names mean the rows made here and no others. Events that a client sent under one of them
 * have the name with "(sent)" behind it here: "any event" counts them, as it does everywhere, and nothing names them.
 */
export function withSessionEvents(plan: RowContextPlan, view: ShardView): ShardView {
  if (sessionsByView.has(view)) return view;
  if (!namesSessionEvent(plan)) return view;
  const stored = view.eventNames.some(isSessionEvent) ? withNames(view) : view;
  const sessions = cutSessions(plan, stored);
  const rows = sessionRows(stored, sessions);
  const made = viewOf(stored, rows, sessionColumns(plan, stored, { rows, sessions }));
  sessionsByView.set(made, { ofRow: rows.sessions, count: sessions.count });
  return made;
}

function withNames(view: ShardView): ShardView {
  const { rowCount, times, users, events, userCount, isUser } = view;
  return {
    rowCount,
    times,
    users,
    events,
    eventNames: view.eventNames.map(sentName),
    userCount,
    ...(isUser && { isUser }),
    get userIds() {
      return view.userIds;
    },
    eventProperty: (name) => view.eventProperty(name),
    personProperty: (name) => view.personProperty(name),
  };
}

const namesByPlan = new WeakMap<object, boolean>();

/** Whether an event anywhere in the plan, its cohorts and lists is one of sessions. */
function namesSessionEvent(plan: object): boolean {
  const known = namesByPlan.get(plan) ?? hasSessionEvent(plan);
  namesByPlan.set(plan, known);
  return known;
}

function hasSessionEvent(part: unknown): boolean {
  if (typeof part !== 'object' || part === null) return false;
  if (Array.isArray(part)) return part.some(hasSessionEvent);
  return Object.entries(part).some(([key, value]) =>
    key === 'event' && typeof value === 'string' ? isSessionEvent(value) : hasSessionEvent(value),
  );
}

/** The rows of the view and of its session events, in order. */
interface SessionRows {
  /** Row of the view; of a session event the first or last one of its session. */
  readonly sources: Uint32Array;
  /** 0 = a row of the view, 1 = start, 2 = end of a session. */
  readonly kinds: Uint8Array;
  readonly sessions: Uint32Array;
}

function sessionRows(view: ShardView, cut: CutSessions): SessionRows {
  const rowCount = view.rowCount + 2 * cut.count;
  const sources = new Uint32Array(rowCount);
  const kinds = new Uint8Array(rowCount);
  const sessions = new Uint32Array(rowCount);
  let at = 0;
  for (let row = 0; row < view.rowCount; row++) {
    const session = cut.ofRow[row];
    const isFirst = session > 0 && cut.firstRows[session] === row;
    const isLast = session > 0 && cut.lastRows[session] === row;
    if (isFirst) kinds[at] = 1;
    if (isLast) kinds[at + Number(isFirst) + 1] = 2;
    const end = at + 1 + Number(isFirst) + Number(isLast);
    for (; at < end; at++) {
      sources[at] = row;
      sessions[at] = session;
    }
  }
  return { sources, kinds, sessions };
}

function viewOf(
  view: ShardView,
  { sources, kinds }: SessionRows,
  column: (name: string) => PropertyColumn | undefined,
): ShardView {
  const rowCount = sources.length;
  const times = new Float64Array(rowCount);
  const users = new Uint32Array(rowCount);
  const events = new Uint32Array(rowCount);
  const startCode = view.eventNames.length;
  for (let row = 0; row < rowCount; row++) {
    const source = sources[row];
    times[row] = view.times[source];
    users[row] = view.users[source];
    events[row] = kinds[row] === 0 ? view.events[source] : startCode + kinds[row] - 1;
  }
  const columns = new Map<string, PropertyColumn | undefined>();
  return {
    rowCount,
    times,
    users,
    events,
    eventNames: [...view.eventNames, sessionStart, sessionEnd],
    virtualFrom: startCode,
    userCount: view.userCount,
    ...(view.isUser && { isUser: view.isUser }),
    get userIds() {
      return view.userIds;
    },
    eventProperty: (name) => {
      if (!columns.has(name)) columns.set(name, column(name));
      return columns.get(name);
    },
    personProperty: (name) => view.personProperty(name),
  };
}

/**
 * Properties of rows and of session events. Of the associated ones a session has, with a timeout, the first
 * value that one of its events has; else that of the event it begins with (12).
 */
function sessionColumns(
  { sessions: { mode, properties = [] } }: RowContextPlan,
  view: ShardView,
  made: { readonly rows: SessionRows; readonly sessions: CutSessions },
): (name: string) => PropertyColumn | undefined {
  const { rows, sessions } = made;
  const { firstRows, lastRows, eventCounts, unended } = sessions;
  const nameAt = (row: number): string => view.eventNames[view.events[row]];
  const worked: Readonly<Record<string, (session: number, kind: number) => PropertyValue>> = {
    $duration_s: (session) =>
      unended[session] === 1
        ? null
        : (view.times[lastRows[session]] - view.times[firstRows[session]]) / 1000,
    $event_count: (session) => eventCounts[session],
    $origin_start: (session) => nameAt(firstRows[session]),
    $origin_end: (session) => nameAt(lastRows[session]),
  };
  const associated = new Set([...sessionProperties, ...properties]);
  return (name) => {
    const column = view.eventProperty(name);
    if (Object.hasOwn(worked, name)) return workedOut(column, rows, worked[name]);
    if (column === undefined) return undefined;
    switch (name) {
      case '$distinct_id':
        return spread(column, rows, (session) => column.codes[firstRows[session]]);
      case '$event_name':
        return workedOut(column, rows, (_, kind) => (kind === 1 ? sessionStart : sessionEnd));
      default: {
        if (nameOfDoers(name) !== null) {
          return spread(column, rows, (session) => column.codes[firstRows[session]]);
        }
        if (!associated.has(name)) return spread(column, rows, () => 0);
        const codes = originCodes(column, sessions, mode.type === 'timeout');
        return spread(column, rows, (session) => codes[session]);
      }
    }
  };
}

/** By session, the code of the first row, or of the first that has a value. */
function originCodes(
  { codes, values }: PropertyColumn,
  { count, ofRow, firstRows }: CutSessions,
  firstDefined: boolean,
): Uint32Array {
  const origins = new Uint32Array(count + 1);
  if (!firstDefined) {
    for (let session = 1; session <= count; session++) origins[session] = codes[firstRows[session]];
    return origins;
  }
  const defined = Uint8Array.from(values, (value, code) => Number(code > 0 && value !== null));
  for (let row = 0; row < ofRow.length; row++) {
    const session = ofRow[row];
    if (session > 0 && origins[session] === 0 && defined[codes[row]] === 1) {
      origins[session] = codes[row];
    }
  }
  return origins;
}

/** Codes of the stored rows where they are now, and those of session events between them. */
function spread(
  { codes, values }: PropertyColumn,
  { sources, kinds, sessions }: SessionRows,
  ofSession: (session: number, kind: number) => number,
): PropertyColumn {
  const own = new Uint32Array(sources.length);
  for (let row = 0; row < own.length; row++) {
    own[row] = kinds[row] === 0 ? codes[sources[row]] : ofSession(sessions[row], kinds[row]);
  }
  return { codes: own, values };
}

/** The same with values that no row need have; null = the session event has none. */
function workedOut(
  sent: PropertyColumn | undefined,
  rows: SessionRows,
  valueOf: (session: number, kind: number) => PropertyValue,
): PropertyColumn {
  const values = [...(sent?.values ?? [null])];
  const codeByValue = new Map(values.map((value, code) => [value, code]));
  const codeOf = (session: number, kind: number): number => {
    const value = valueOf(session, kind);
    if (value === null) return 0;
    const code = codeByValue.get(value) ?? values.push(value) - 1;
    codeByValue.set(value, code);
    return code;
  };
  const codes = sent?.codes ?? new Uint32Array(rows.sources.length);
  return spread({ codes, values }, rows, codeOf);
}
