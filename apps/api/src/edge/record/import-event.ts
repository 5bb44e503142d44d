import { isForbiddenId } from '@arbor/schema/forbidden-ids';
import { limits } from '@arbor/schema/limits';
import type { IngestEvent } from '@arbor/schema/ingest';
import { BrokenLine } from '../decode/json-lines.ts';
import type { JsonObject } from './clean-properties.ts';
import type { TextRules } from './clean-text.ts';
import type { EventContext } from './event-context.ts';
import { distinctIdOfOthers, makeEvent, openEvent, readId } from './event-parts.ts';
import { readInsertId } from './insert-id.ts';
import { invalid, missing, RecordProblem } from './record-problem.ts';
import { readTime } from './time-value.ts';
import type { EventTime } from './track-event.ts';

/**
 * `ingestion-api.md` 3.2. Strict mode tells the sender what is wrong with each record; the other mode
 * stores by the same rules, but makes up for what is missing where a rule says how.
 */
export function judgeImportEvent(
  raw: unknown,
  context: EventContext,
  strict: boolean,
): IngestEvent | RecordProblem {
  if (raw instanceof BrokenLine) {
    return new RecordProblem('invalid', '', `line is not valid json: ${raw.reason}`);
  }
  const rules: TextRules = { strict, damaged: context.damaged };
  const open = openEvent(raw, rules);
  if (open instanceof RecordProblem) return open;
  const { event, properties } = open;
  const merged = event === '$merge' ? mergedIds(properties) : null;
  if (merged instanceof RecordProblem) return merged;

  const time = importTime(properties['time'], { now: context.now, strict, merge: merged !== null });
  if (time instanceof RecordProblem) return time;
  const distinctId = importDistinctId(properties, { rules, context, merged });
  if (distinctId instanceof RecordProblem) return distinctId;
  const insertId = importInsertId(properties['$insert_id'], strict && merged === null);
  if (insertId instanceof RecordProblem) return insertId;
  return makeEvent({ event, ...time, distinctId, insertId, properties }, rules, context);
}

/** A merge is a command: the documented form has neither time nor id nor `$insert_id` (section 6). */
function mergedIds({ $distinct_ids: ids }: JsonObject): readonly [string, string] | RecordProblem {
  const field = 'properties.$distinct_ids';
  if (!Array.isArray(ids) || ids.length !== 2) return invalid(field, 'must be a list of two ids');
  const [first, second] = ids as readonly unknown[];
  for (const id of [first, second]) {
    if (typeof id !== 'string' || id === '') return invalid(field, 'both ids must be strings');
    if (isForbiddenId(id)) return invalid(field, `"${id}" identifies nobody`);
  }
  return [first as string, second as string];
}

function importTime(
  value: unknown,
  { now, strict, merge }: { now: number; strict: boolean; merge: boolean },
): EventTime | RecordProblem {
  if (merge && (value === undefined || value === null)) return { time: now, sentTime: null };
  const field = 'properties.time';
  const sent = readTime(value);
  if (sent === null) return invalid(field, 'must be specified as seconds since epoch');
  if (sent < limits.importTimeMsMin) return invalid(field, 'must not be before 1971-01-01');
  if (sent <= now) return { time: sent, sentTime: null };
  if (strict && sent > now + limits.importFutureMsMax) {
    return invalid(field, 'must not be more than one hour in the future', 'future');
  }
  return { time: now, sentTime: sent };
}

function importDistinctId(
  properties: JsonObject,
  {
    rules,
    context,
    merged,
  }: { rules: TextRules; context: EventContext; merged: readonly [string, string] | null },
): string | RecordProblem {
  const field = 'properties.distinct_id';
  const id = readId(properties['distinct_id'], rules);
  if (id === null) return invalid(field, 'must be a string of valid utf8');
  if (id !== undefined) {
    return isForbiddenId(id) ? invalid(field, `"${id}" identifies nobody`) : id;
  }
  if (merged !== null) return merged[0];
  if (!rules.strict) return distinctIdOfOthers(properties, rules, context);
  const { settings } = context;
  const others = distinctIdOfOthers(properties, rules, { settings, addressId: () => null });
  // The probe of mixpanel-import reads the identity mode off exactly this answer (3.2).
  if (others === '' || settings.identityMode === 'original') return missing(field);
  return isForbiddenId(others) ? invalid(field, `"${others}" identifies nobody`) : others;
}

function importInsertId(value: unknown, strict: boolean): string | null | RecordProblem {
  const insertId = readInsertId(value);
  if (!strict || insertId !== null) return insertId;
  const field = 'properties.$insert_id';
  if (value === undefined || value === null) return missing(field);
  return invalid(
    field,
    `must be 1 to ${limits.insertIdBytesMax} letters, digits or "-", and identify something`,
  );
}
