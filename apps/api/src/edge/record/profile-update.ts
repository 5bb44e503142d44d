import { limits } from '@arbor/schema/limits';
import { type PersonOperation, personOperators } from '@arbor/schema/ingest';
import { isJsonObject, type JsonObject } from './clean-properties.ts';
import type { TextRules } from './clean-text.ts';
import type { EventContext } from './event-context.ts';
import { readInsertId } from './insert-id.ts';
import { readOperation } from './person-operation.ts';
import { invalid, missing, RecordProblem } from './record-problem.ts';
import { readTime } from './time-value.ts';

/** What updates of persons and of groups have alike (`ingestion-api.md` 4 and 5). */

/** Keys with a dollar sign that are no operators; those up to `$insert_id` mean something, the rest is metadata. */
const knownKeys: ReadonlySet<string> = new Set([
  '$token',
  '$distinct_id',
  '$group_key',
  '$group_id',
  '$ip',
  '$time',
  '$ignore_time',
  '$ignore_alias',
  '$insert_id',
  '$latitude',
  '$longitude',
  '$device_id',
  '$user_id',
  '$had_persisted_distinct_id',
  '$mp_metadata',
  ...personOperators,
]);

export type UpdateContext = Pick<EventContext, 'now' | 'damaged' | 'connectionAddress'>;

/** What an update says besides whose profile it is of. */
export interface ProfileUpdate {
  time: number;
  operations: PersonOperation[];
  ignoreTime?: boolean;
  insertId?: string;
}

export function readProfileUpdate(
  raw: JsonObject,
  { now, damaged }: UpdateContext,
): ProfileUpdate | RecordProblem {
  const time = updateTime(raw['$time'], now);
  if (time instanceof RecordProblem) return time;
  const operations = readOperations(raw, { strict: false, damaged });
  if (operations instanceof RecordProblem) return operations;
  const update: ProfileUpdate = { time, operations };
  if (raw['$ignore_time'] === true) update.ignoreTime = true;
  // As with events of `/track` and `/e`: what is no insert id is as good as none.
  const insertId = readInsertId(raw['$insert_id']);
  if (insertId !== null) update.insertId = insertId;
  return update;
}

export function tokenOfUpdate(raw: unknown): string | RecordProblem {
  const token = isJsonObject(raw) ? raw['$token'] : undefined;
  return typeof token === 'string' && token !== '' ? token : missing('$token');
}

/** A time to come would make somebody "last seen" tomorrow, so arrival bounds it. */
function updateTime(value: unknown, now: number): number | RecordProblem {
  if (value === undefined || value === null) return now;
  const sent = readTime(value);
  if (sent === null) return invalid('$time', 'must be specified as seconds since epoch');
  return Math.min(sent, now);
}

/** All operators of an update, in the order in which they are applied (4.3). */
function readOperations(raw: JsonObject, rules: TextRules): PersonOperation[] | RecordProblem {
  const operations: PersonOperation[] = [];
  let nameCount = 0;
  for (const operator of personOperators) {
    if (!Object.hasOwn(raw, operator)) continue;
    const operation = readOperation(operator, raw[operator], rules);
    if (operation instanceof RecordProblem) return operation;
    operations.push(operation);
    nameCount += namesOf(operation);
  }
  const unknown = Object.keys(raw).find((key) => isUnknownOperator(key, raw[key]));
  if (unknown !== undefined) return invalid(unknown, 'operator is unknown', 'not_supported');
  if (operations.length === 0) {
    return new RecordProblem('missing', '', `one of ${personOperators.join(', ')} is missing`);
  }
  if (nameCount > limits.profilePropertiesMax) {
    const message = `update must not name more than ${limits.profilePropertiesMax} properties`;
    return new RecordProblem('too_large', '', message);
  }
  return operations;
}

/** New clients may add metadata, which is a scalar; what has content under an unknown key is meant. */
function isUnknownOperator(key: string, value: unknown): boolean {
  return key[0] === '$' && !knownKeys.has(key) && typeof value === 'object' && value !== null;
}

function namesOf(operation: PersonOperation): number {
  if (operation.operator === '$delete') return 0;
  if (operation.operator === '$unset') return operation.names.length;
  return Object.keys(operation.values).length;
}
