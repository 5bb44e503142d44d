import type { IngestEvent } from '@arbor/schema/ingest';
import type { JsonObject } from './clean-properties.ts';
import type { TextRules } from './clean-text.ts';
import type { EventContext } from './event-context.ts';
import {
  distinctIdOfOthers,
  makeEvent,
  openEvent,
  readId,
  wantsToBeIgnored,
} from './event-parts.ts';
import { readInsertId } from './insert-id.ts';
import { type Ignored, ignored, invalid, RecordProblem } from './record-problem.ts';
import { readTime } from './time-value.ts';

const dayMs = 86_400_000;

/** `ingestion-api.md` 2: takes what can be given a meaning, for the sender is a page nobody watches. */
export function judgeTrackEvent(
  raw: unknown,
  context: EventContext,
): IngestEvent | RecordProblem | Ignored {
  const times = (sent: number): EventTime | Ignored => trackTime(sent, context);
  return judgeClientEvent(raw, context, times);
}

export interface EventTime {
  readonly time: number;
  readonly sentTime: number | null;
}

/** What `/track` and `/e` have in common: all but the rule for times that were sent. */
export function judgeClientEvent(
  raw: unknown,
  context: EventContext,
  judgeTime: (sent: number) => EventTime | RecordProblem | Ignored,
): IngestEvent | RecordProblem | Ignored {
  const rules: TextRules = { strict: false, damaged: context.damaged };
  const open = openEvent(raw, rules);
  if (open instanceof RecordProblem) return open;
  const { event, properties } = open;
  if (wantsToBeIgnored(properties)) return ignored;
  if (event === '$merge') {
    // A token is public. Merging two users takes a credential (section 6).
    return invalid('event', '$merge is accepted by /import only', 'not_supported');
  }

  const sent = sentTimeOf(properties);
  if (sent instanceof RecordProblem) return sent;
  const time = sent === null ? { time: context.now, sentTime: null } : judgeTime(sent);
  if (time instanceof RecordProblem || time === ignored) return time;

  const id = readId(properties['distinct_id'], rules);
  if (id === null) return invalid('properties.distinct_id', 'must be a string');
  const distinctId = id || distinctIdOfOthers(properties, rules, context);
  const insertId = readInsertId(properties['$insert_id']);
  return makeEvent({ event, ...time, distinctId, insertId, properties }, rules, context);
}

/** null = none was sent. */
function sentTimeOf({ time }: JsonObject): number | null | RecordProblem {
  if (time === undefined || time === null) return null;
  return readTime(time) ?? invalid('properties.time', 'must be specified as seconds since epoch');
}

/** A future time counts at arrival, but stays what tells a resent copy (decisions 4, SRV-7). */
function trackTime(sent: number, { now, settings }: EventContext): EventTime | Ignored {
  if (sent > now) return { time: now, sentTime: sent };
  const { trackAgeDaysMax } = settings;
  if (trackAgeDaysMax !== null && sent < now - trackAgeDaysMax * dayMs) return ignored;
  return { time: sent, sentTime: null };
}
