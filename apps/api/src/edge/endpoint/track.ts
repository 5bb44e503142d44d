import type { Answer } from '../answer/answer.ts';
import { failureAnswer } from '../answer/failure-answer.ts';
import { redirectAnswer } from '../answer/redirect-answer.ts';
import { readAnswerForm, trackAnswer } from '../answer/track-answer.ts';
import { readPayload } from '../decode/read-payload.ts';
import type { EdgeServices } from '../edge-services.ts';
import { controlOf, type EdgeRequest } from '../http/edge-request.ts';
import { tokenOfEvent } from '../record/event-parts.ts';
import { judgeTrackEvent } from '../record/track-event.ts';
import { acceptRecords, type Verdict } from './accept-records.ts';
import { eventContext } from './event-context.ts';

/** `ingestion-api.md` 2: events of clients, under a public token. */
export async function track(request: EdgeRequest, services: EdgeServices): Promise<Answer> {
  const { turns } = services;
  const { requestBytesMax: bytesMax } = services.options;
  const payload = await readPayload(request, { bytesMax, turns });
  const control = controlOf(request.query, payload.form);
  const form = readAnswerForm(control);
  if ('problem' in payload) {
    const { code, message } = payload.problem;
    if (code === 'too_large') return failureAnswer({ status: 413, error: message });
    return trackAnswer(message, form);
  }
  const { damaged } = payload;
  const fromConnection = control('ip') === '1';
  const verdict = await acceptRecords(
    payload,
    {
      source: 'track',
      tokenOf: tokenOfEvent,
      judge: judgeTrackEvent,
      contextOf: (project) =>
        eventContext(
          request,
          { project, damaged, useAddress: fromConnection, isBrowser: fromConnection },
          services,
        ),
      origin: request.origin,
    },
    services,
  );
  return (
    redirectAnswer(request, control('redirect'), services.options.redirectHosts) ??
    trackAnswer(errorOf(verdict), form)
  );
}

/** One good record makes the request a success; else the first problem is told (2.3). */
export function errorOf({ good, refused }: Verdict): string | null {
  if (good > 0) return null;
  return refused[0]?.problem.message ?? 'data, missing or empty';
}
