import type { IngestRecord } from '@arbor/schema/ingest';
import { isJsonObject } from './clean-properties.ts';
import { isCookieless, mergingEvents, withoutNames } from './cookieless.ts';
import type { EventContext } from './event-context.ts';
import { tokenOfEvent } from './event-parts.ts';
import { judgeGroupUpdate } from './group-update.ts';
import { judgePersonUpdate } from './person-update.ts';
import { tokenOfUpdate } from './profile-update.ts';
import { type Ignored, invalid, RecordProblem } from './record-problem.ts';
import { readTime } from './time-value.ts';
import { type EventTime, judgeClientEvent } from './track-event.ts';

const dayMs = 86_400_000;
const futureMsMax = 60 * 60 * 1000;

/** A browser's queue gives up at 30 days; the rest is room for slow clocks (`browser-sdk.md` SRV-6). */
const sdkAgeDaysMax = 35;

const notTaken = 'not_supported';

const isOfGroup = (raw: unknown): boolean =>
  isJsonObject(raw) && raw['event'] === undefined && raw['$group_key'] !== undefined;
const isEvent = (raw: unknown): boolean => isJsonObject(raw) && raw['event'] !== undefined;

/** The endpoint `/e` of the browser SDK takes events and updates mixed, told apart by shape (SRV-1). */
export function judgeSdkRecord(
  raw: unknown,
  context: EventContext,
): IngestRecord | RecordProblem | Ignored {
  if (isOfGroup(raw)) return judgeGroupUpdate(raw, context);
  const known = namelessAs(raw, context);
  if (known instanceof RecordProblem) return known;
  if (!isEvent(raw)) return judgePersonUpdate(known, context);
  return judgeClientEvent(known, context, (sent) => sdkTime(sent, context.now));
}

/** Whether the record is to name nobody: what SRV-9 calls cookieless. */
export function isOfNobody(raw: unknown): boolean {
  if (!isJsonObject(raw)) return false;
  const { event, properties } = raw;
  if (isJsonObject(properties) && isCookieless(properties)) return true;
  return event === undefined && isCookieless(raw);
}

/** A record that is to name nobody, under the id that its sender has for a day (SRV-9); any other as it is. */
function namelessAs(raw: unknown, { cookielessId, now }: EventContext): unknown {
  if (!isJsonObject(raw) || cookielessId === undefined) return raw;
  const { event, properties } = raw;
  if (isJsonObject(properties) && isCookieless(properties)) {
    if (mergingEvents.has(event)) {
      return invalid(
        'event',
        `${String(event)} names somebody, the record is cookieless`,
        notTaken,
      );
    }
    const id = cookielessId(readTime(properties['time']) ?? now);
    return { event, properties: { ...withoutNames(properties), distinct_id: id } };
  }
  if (event !== undefined || !isCookieless(raw)) return raw;
  return { ...withoutNames(raw), $distinct_id: cookielessId(readTime(raw['$time']) ?? now) };
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
