import type { Answer } from '../answer/answer.ts';
import { sdkAnswer, sdkFailure } from '../answer/sdk-answer.ts';
import { readPayload } from '../decode/read-payload.ts';
import { unavailable } from '../edge-failure.ts';
import type { EdgeServices } from '../edge-services.ts';
import type { EdgeRequest } from '../http/edge-request.ts';
import { readClientHints } from '../record/client-hints.ts';
import { isOfNobody, judgeSdkRecord, tokenOfSdkRecord } from '../record/sdk-record.ts';
import { acceptRecords } from './accept-records.ts';
import { eventContext } from './event-context.ts';

/** `browser-sdk.md` 12: what our own browser SDK sends, events and updates in the order of capture. */
export async function sdk(request: EdgeRequest, services: EdgeServices): Promise<Answer> {
  const { addresses, clock, cookieless, options, turns } = services;
  const payload = await readPayload(request, { bytesMax: options.requestBytesMax, turns });
  if ('problem' in payload) {
    const { code, message } = payload.problem;
    return sdkFailure({ status: code === 'too_large' ? 413 : 400, error: message }, clock());
  }
  const { damaged } = payload;
  const { address, userAgent, origin, hint } = request;
  addresses.admit(address, { records: payload.records.length, bytes: payload.size });
  const now = clock();
  if (payload.records.some(isOfNobody)) await prepared(services, now);
  const hints = readClientHints(hint);
  const requestToken = request.query.get('k') ?? '';
  const useAddress = request.query.get('ip') !== '0';
  const { good, refused } = await acceptRecords(
    payload,
    {
      source: 'sdk',
      tokenOf: (raw) => tokenOfSdkRecord(raw, requestToken),
      judge: judgeSdkRecord,
      contextOf: (project) => {
        const visitor = { project: project.id, address, userAgent, site: origin };
        return {
          ...eventContext(request, { project, damaged, useAddress, isBrowser: true }, services),
          hints,
          cookielessId: (time) => cookieless.idOf(visitor, time, now),
        };
      },
      origin,
    },
    services,
  );
  return sdkAnswer({ accepted: good, refused }, clock());
}

/** Ids of the day need its key, which all processes of the api share. */
async function prepared({ cookieless }: EdgeServices, now: number): Promise<void> {
  try {
    await cookieless.prepare(now);
  } catch (cause) {
    throw unavailable('the key of the day cannot be had now. Please retry the request.', cause);
  }
}
