import type { IngestPerson } from '@arbor/schema/ingest';
import { readAddress } from './address.ts';
import { isJsonObject } from './clean-properties.ts';
import { readId } from './event-parts.ts';
import { readProfileUpdate, type UpdateContext } from './profile-update.ts';
import { invalid, missing, RecordProblem } from './record-problem.ts';

/**
 * `ingestion-api.md` 4.2 and 4.3. What is judged here is the update alone. Whether `$add` meets a
 * stored string, or a profile would grow past its limit, is known when the update is applied, in
 * order, behind the queues: an answer of `/engage` cannot tell, and does not claim to.
 */
export function judgePersonUpdate(
  raw: unknown,
  context: UpdateContext,
): IngestPerson | RecordProblem {
  if (!isJsonObject(raw)) return new RecordProblem('invalid', '', 'record must be a json object');
  if (raw['$group_key'] !== undefined) {
    return invalid('$group_key', 'updates of groups are sent to /groups', 'not_supported');
  }
  const distinctId = readId(raw['$distinct_id'], { strict: false, damaged: context.damaged });
  if (distinctId === undefined || distinctId === '') return missing('$distinct_id');
  if (distinctId === null) return invalid('$distinct_id', 'must be a string');
  const update = readProfileUpdate(raw, context);
  if (update instanceof RecordProblem) return update;

  const record: IngestPerson = { kind: 'person', distinctId, ...update };
  if (raw['$ignore_alias'] === true) record.ignoreAlias = true;
  const named = readAddress(raw['$ip']);
  const ip = named === undefined ? context.connectionAddress : named;
  if (ip !== null) record.ip = ip;
  return record;
}
