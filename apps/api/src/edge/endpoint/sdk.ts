import type { Answer } from '../answer/answer.ts';
import { sdkAnswer, sdkFailure } from '../answer/sdk-answer.ts';
import { readPayload } from '../decode/read-payload.ts';
import type { EdgeServices } from '../edge-services.ts';
import type { EdgeRequest } from '../http/edge-request.ts';
import { judgeSdkRecord, tokenOfSdkRecord } from '../record/sdk-record.ts';
import { acceptRecords } from './accept-records.ts';
import { eventContext } from './event-context.ts';

/** `browser-sdk.md` 12: what our own browser SDK sends, events and updates in the order of capture. */
export async function sdk(request: EdgeRequest, services: EdgeServices): Promise<Answer> {
  const { clock, options, turns } = services;
  const payload = await readPayload(request, { bytesMax: options.requestBytesMax, turns });
  if ('problem' in payload) {
    const { code, message } = payload.problem;
    return sdkFailure({ status: code === 'too_large' ? 413 : 400, error: message }, clock());
  }
  const { damaged } = payload;
  const requestToken = request.query.get('k') ?? '';
  const useAddress = request.query.get('ip') !== '0';
  const { good, refused } = await acceptRecords(
    payload,
    {
      source: 'sdk',
      tokenOf: (raw) => tokenOfSdkRecord(raw, requestToken),
      judge: judgeSdkRecord,
      contextOf: (project) =>
        eventContext(request, { project, damaged, useAddress, isBrowser: true }, services),
    },
    services,
  );
  return sdkAnswer({ accepted: good, refused }, clock());
}
