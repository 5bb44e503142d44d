import type { ProjectDefinitions } from './plan-scope.ts';
import type { SessionsPlan } from './plan-types.ts';

/** What sessions are made of by name (12): events of their own, their properties, and who is never in one. */

export const sessionStart = '$session_start';
export const sessionEnd = '$session_end';

/** Whether an event is worked out from sessions: no stored event is meant by such a name. */
export function isSessionEvent(event: string | null): boolean {
  return event === sessionStart || event === sessionEnd;
}

const sentSuffix = ' (sent)';

/** What an event that a client sent under such a name is called where sessions have events. */
export function sentName(event: string): string {
  return isSessionEvent(event) ? `${event}${sentSuffix}` : event;
}

/** The name under which an event is stored that a report calls so. */
export function storedName(event: string): string {
  const name = event.slice(0, -sentSuffix.length);
  return isSessionEvent(name) && event.endsWith(sentSuffix) ? name : event;
}

/** Properties of session events that are worked out. */
export const workedSessionProperties: readonly string[] = [
  '$duration_s',
  '$event_count',
  '$origin_start',
  '$origin_end',
];

/** Session events have the values of these that the session begins with. */
export const sessionProperties: readonly string[] = [
  '$app_build_number',
  '$app_version_string',
  '$browser',
  '$city',
  '$country_code',
  '$current_url',
  '$device',
  '$manufacturer',
  '$os',
  '$region',
  'mp_country_code',
  'mp_lib',
  'mp_platform',
  'utm_campaign',
  'utm_content',
  'utm_source',
];

/** Events of the protocol and of campaigns: in no session, whatever the project says. */
export const neverInSession: readonly string[] = [
  '$identify',
  '$create_alias',
  '$merge',
  '$hotshard_events',
  '$campaign_delivery',
  '$campaign_bounced',
  '$campaign_marked_spam',
  '$message_suppressed',
  '$unsubscribe',
  '$journey_entered',
];

/** The sessions of a project: its setting, and without the events that it hides. */
export function planSessions({ sessions, hiddenEvents }: ProjectDefinitions): SessionsPlan {
  if (hiddenEvents.length === 0) return sessions;
  return { ...sessions, excluded: [...new Set([...sessions.excluded, ...hiddenEvents])] };
}
