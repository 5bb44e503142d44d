import type { PropertyValue } from '@arbor/schema/property-value';
import type { ListPoint } from '@arbor/schema/query';
import { assert, unreachable } from '../../base/assert.ts';
import { compareEvents, compareIds } from '../merge/list-order.ts';
import type { ListedRow, ListedUser, ListPartial } from '../merge/partial.ts';
import type { ListPlan } from '../plan/plan-types.ts';
import { pickCohort } from './cohort.ts';
import { pickFlow, pickFlowPath } from './flow-pick.ts';
import { chosenRows } from './list-chosen.ts';
import { pickFunnel } from './funnel/pick-funnel.ts';
import { pickFrequency } from './frequency-pick.ts';
import { FirstThings } from './list-first.ts';
import { eventKey } from './list-key.ts';
import { pickInsights } from './pick-insights.ts';
import type { Picked } from './picked.ts';
import { pickRetention } from './retention-pick.ts';
import type { ShardView } from './shard-view.ts';

/** Who and what is behind one number of a report: counted by the report's own executor. */
export function pick({ of, point }: ListPlan, view: ShardView): Picked {
  switch (of.type) {
    case 'flow':
      return point.type === 'flow_path'
        ? pickFlowPath(of, point, view)
        : pickFlow(of, pointOf(point, 'flow'), view);
    case 'cohort':
      return pickCohort(of, pointOf(point, 'cohort'), view);
    case 'insights':
      return pickInsights(of, pointOf(point, 'insights'), view);
    case 'funnel':
      return pickFunnel(of, pointOf(point, 'funnel'), view);
    case 'retention':
      return pickRetention(of, pointOf(point, 'retention'), view);
    case 'frequency':
      return pickFrequency(of, pointOf(point, 'frequency'), view);
    default:
      return unreachable(of);
  }
}

/** Planning has made sure that the point is one of the report. */
function pointOf<T extends ListPoint['type']>(
  point: ListPoint,
  type: T,
): Extract<ListPoint, { type: T }> {
  assert(point.type === type, () => `a point of ${point.type} is none of a report of ${type}`);
  return point as Extract<ListPoint, { type: T }>;
}

export function executeList(plan: ListPlan, view: ShardView): ListPartial {
  if (plan.chosen !== null) return chosenRows(plan, plan.chosen, view);
  const picked = pick(plan, view);
  return plan.what === 'users' ? listUsers(plan, picked) : listEvents(plan, picked);
}

function listUsers({ after, limit, columns }: ListPlan, { view, users }: Picked): ListPartial {
  const { userIds } = view;
  const first = new FirstThings(limit + 1, (user, other) =>
    compareIds(userIds[user], userIds[other]),
  );
  for (let i = 0; i < users.length; i++) {
    const user = users[i];
    if (after === null || compareIds(userIds[user], after.user) > 0) first.add(user);
  }
  const properties = columns.map((name) => [name, view.personProperty(name)] as const);
  const listed = first.sorted().map((user): ListedUser => {
    const own: Record<string, PropertyValue> = {};
    for (const [name, column] of properties) {
      const code = column?.codes[user] ?? 0;
      if (column && code > 0) own[name] = column.values[code];
    }
    return { user: userIds[user], properties: own };
  });
  return { type: 'list', total: users.length, users: listed, events: [] };
}

function listEvents({ after, limit }: ListPlan, { view, rows }: Picked): ListPartial {
  const { times, users, userIds, events, eventNames } = view;
  const first = new FirstThings(
    limit + 1,
    (row, other) =>
      times[other] - times[row] ||
      compareIds(userIds[users[row]], userIds[users[other]]) ||
      compareIds(eventNames[events[row]], eventNames[events[other]]) ||
      row - other,
  );
  const from = after?.type === 'event' ? after : null;
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i];
    if (from !== null) {
      if (times[row] > from.timeMs) continue;
      if (times[row] === from.timeMs && compareEvents(eventKey(view, row), from) <= 0) continue;
    }
    first.add(row);
  }
  const listed = first
    .sorted()
    .map((row): ListedRow => ({ ...eventKey(view, row), properties: {} }));
  return { type: 'list', total: rows.length, users: [], events: listed };
}
