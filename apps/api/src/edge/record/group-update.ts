import type { IngestGroup } from '@arbor/schema/ingest';
import { isJsonObject } from './clean-properties.ts';
import { readId } from './event-parts.ts';
import { readProfileUpdate, type UpdateContext } from './profile-update.ts';
import { invalid, missing, RecordProblem } from './record-problem.ts';

/**
 * `ingestion-api.md` 5: as an update of a person, of the group that two texts name. Every group key is taken,
 * whether the project knows it or not. Neither addresses nor identities have anything to do with groups.
 */
export function judgeGroupUpdate(
  raw: unknown,
  context: UpdateContext,
): IngestGroup | RecordProblem {
  if (!isJsonObject(raw)) return new RecordProblem('invalid', '', 'record must be a json object');
  const groupKey = readText('$group_key', raw['$group_key'], context);
  if (groupKey instanceof RecordProblem) return groupKey;
  const groupId = readText('$group_id', raw['$group_id'], context);
  if (groupId instanceof RecordProblem) return groupId;
  const update = readProfileUpdate(raw, context);
  if (update instanceof RecordProblem) return update;
  return { kind: 'group', groupKey, groupId, ...update };
}

function readText(
  field: string,
  value: unknown,
  { damaged }: UpdateContext,
): string | RecordProblem {
  const text = readId(value, { strict: false, damaged });
  if (text === undefined || text === '') return missing(field);
  return text ?? invalid(field, 'must be a string');
}
