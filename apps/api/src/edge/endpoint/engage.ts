import type { Answer } from '../answer/answer.ts';
import { strictEngageBody } from '../answer/engage-answer.ts';
import { failureAnswer } from '../answer/failure-answer.ts';
import { isSwitchedOn, readAnswerForm, trackAnswer } from '../answer/track-answer.ts';
import { readPayload } from '../decode/read-payload.ts';
import type { EdgeServices } from '../edge-services.ts';
import { controlOf, type EdgeRequest } from '../http/edge-request.ts';
import { judgeGroupUpdate } from '../record/group-update.ts';
import { judgePersonUpdate } from '../record/person-update.ts';
import { tokenOfUpdate } from '../record/profile-update.ts';
import { acceptRecords, type RecordJudge } from './accept-records.ts';
import { eventContext } from './event-context.ts';
import { errorOf } from './track.ts';

/**
 * `ingestion-api.md` 4: updates of profiles, under a public token. An answer judges the update as it
 * was sent. What depends on the stored profile is decided when it is applied, after the answer.
 */
export function engage(request: EdgeRequest, services: EdgeServices): Promise<Answer> {
  return takeUpdates(request, services, { source: 'engage', judge: judgePersonUpdate });
}

/** `ingestion-api.md` 5: the same of groups. */
export function groups(request: EdgeRequest, services: EdgeServices): Promise<Answer> {
  return takeUpdates(request, services, { source: 'groups', judge: judgeGroupUpdate });
}

async function takeUpdates(
  request: EdgeRequest,
  services: EdgeServices,
  { source, judge }: Pick<RecordJudge, 'source' | 'judge'>,
): Promise<Answer> {
  const { requestBytesMax: bytesMax } = services.options;
  const payload = await readPayload(request, { bytesMax, turns: services.turns });
  const control = controlOf(request.query, payload.form);
  const form = readAnswerForm(control);
  if ('problem' in payload) {
    const { code, message } = payload.problem;
    if (code === 'too_large') return failureAnswer({ status: 413, error: message });
    return trackAnswer(message, form);
  }
  const { damaged } = payload;
  const useAddress = control('ip') !== '0';
  const verdict = await acceptRecords(
    payload,
    {
      source,
      tokenOf: tokenOfUpdate,
      judge,
      contextOf: (project) =>
        eventContext(request, { project, damaged, useAddress, isBrowser: false }, services),
      origin: request.origin,
    },
    services,
  );
  const { good, refused } = verdict;
  const detail = isSwitchedOn(control('strict'))
    ? strictEngageBody(good, refused, source === 'groups' ? '$group_id' : '$distinct_id')
    : undefined;
  return trackAnswer(errorOf(verdict), form, detail);
}
