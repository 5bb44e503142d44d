import type { IngestRecord } from '@arbor/schema/ingest';
import { isJsonObject } from './clean-properties.ts';
import type { EventContext } from './event-context.ts';
import { tokenOfEvent } from './event-parts.ts';
import { judgeGroupUpdate } from './group-update.ts';
import { judgePersonUpdate } from './person-update.ts';
import { tokenOfUpdate } from './profile-update.ts';
import { type Ignored, invalid, RecordProblem } from './record-problem.ts';
import { type EventTime, judgeClientEvent } from './track-event.ts';

const dayMs = 86_400_000;
const futureMsMax = 60 * 60 * 1000;

/** A browser's queue gives up at 30 days; the rest is room for slow clocks (`browser-sdk.md` SRV-6). */
const sdkAgeDaysMax = 35;

const isOfGroup = (raw: unknown): boolean => isJsonObject(raw) && raw['$group_key'] !== undefined;
const isEvent = (raw: unknown): boolean => isJsonObject(raw) && raw['event'] !== undefined;

/** The endpoint `/e` of the browser SDK takes events and updates mixed, told apart by shape (SRV-1). */
export function judgeSdkRecord(
  raw: unknown,
  context: EventContext,
): IngestRecord | RecordProblem | Ignored {
  if (!isEvent(raw)) {
    return isOfGroup(raw) ? judgeGroupUpdate(raw, context) : judgePersonUpdate(raw, context);
  }
  return judgeClientEvent(raw, context, (sent) => sdkTime(sent, context.now));
}

/** The token of the record, else that of the request (query parameter `k`). */
export function tokenOfSdkRecord(raw: unknown, requestToken: string): string | RecordProblem {
  const own = isEvent(raw) ? tokenOfEvent(raw) : tokenOfUpdate(raw);
  return own instanceof RecordProblem && requestToken !== '' ? requestToken : own;
}

/** Never rewritten here: the SDK corrects its clock and sends again what was refused (SDK-TM4). */
function sdkTime(sent: number, now: number): EventTime | RecordProblem {
  const field = 'properties.time';
  if (sent > now + futureMsMax) {
    return invalid(field, 'must not be more than one hour in the future', 'future');
  }
  if (sent < now - sdkAgeDaysMax * dayMs) {
    return invalid(field, `must not be older than ${sdkAgeDaysMax} days`, 'too_old');
  }
  return { time: sent, sentTime: null };
}
