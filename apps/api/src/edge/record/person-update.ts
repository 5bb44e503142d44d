import { limits } from '@arbor/schema/limits';
import { type IngestPerson, type PersonOperation, personOperators } from '@arbor/schema/ingest';
import { readAddress } from './address.ts';
import { isJsonObject, type JsonObject } from './clean-properties.ts';
import type { TextRules } from './clean-text.ts';
import type { EventContext } from './event-context.ts';
import { readId } from './event-parts.ts';
import { readInsertId } from './insert-id.ts';
import { readOperation } from './person-operation.ts';
import { invalid, missing, RecordProblem } from './record-problem.ts';
import { readTime } from './time-value.ts';

/** Keys with a dollar sign that are no operators; those up to `$insert_id` mean something, the rest is metadata. */
const knownKeys: ReadonlySet<string> = new Set([
  '$token',
  '$distinct_id',
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

type PersonContext = Pick<EventContext, 'now' | 'damaged' | 'connectionAddress'>;

/**
 * `ingestion-api.md` 4.2 and 4.3. What is judged here is the update alone. Whether `$add` meets a
 * stored string, or a profile would grow past its limit, is known when the update is applied, in
 * order, behind the queues: an answer of `/engage` cannot tell, and does not claim to.
 */
export function judgePersonUpdate(
  raw: unknown,
  context: PersonContext,
): IngestPerson | RecordProblem {
  if (!isJsonObject(raw)) return new RecordProblem('invalid', '', 'record must be a json object');
  if (raw['$group_key'] !== undefined) {
    return invalid('$group_key', 'group profiles are not stored yet', 'not_supported');
  }
  const rules: TextRules = { strict: false, damaged: context.damaged };
  const distinctId = readId(raw['$distinct_id'], rules);
  if (distinctId === undefined || distinctId === '') return missing('$distinct_id');
  if (distinctId === null) return invalid('$distinct_id', 'must be a string');
  const time = updateTime(raw['$time'], context.now);
  if (time instanceof RecordProblem) return time;
  const operations = readOperations(raw, rules);
  if (operations instanceof RecordProblem) return operations;

  const record: IngestPerson = { kind: 'person', distinctId, time, operations };
  if (raw['$ignore_time'] === true) record.ignoreTime = true;
  if (raw['$ignore_alias'] === true) record.ignoreAlias = true;
  // As with events of `/track` and `/e`: what is no insert id is as good as none.
  const insertId = readInsertId(raw['$insert_id']);
  if (insertId !== null) record.insertId = insertId;
  const named = readAddress(raw['$ip']);
  const ip = named === undefined ? context.connectionAddress : named;
  if (ip !== null) record.ip = ip;
  return record;
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
