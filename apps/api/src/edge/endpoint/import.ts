import type { IngestEvent } from '@arbor/schema/ingest';
import type { Answer } from '../answer/answer.ts';
import { failureAnswer } from '../answer/failure-answer.ts';
import {
  badImport,
  importAnswer,
  type ImportOutcome,
  importUnauthorized,
  legacyImportAnswer,
} from '../answer/import-answer.ts';
import { isSwitchedOn, readAnswerForm } from '../answer/track-answer.ts';
import type { BodyProblem } from '../decode/body-problem.ts';
import { type Payload, readPayload } from '../decode/read-payload.ts';
import { unavailable } from '../edge-failure.ts';
import { countRecords } from '../edge-metrics.ts';
import type { EdgeServices } from '../edge-services.ts';
import { controlOf, type EdgeRequest } from '../http/edge-request.ts';
import type { EdgeProject } from '../ports.ts';
import { judgeImportEvent } from '../record/import-event.ts';
import { RecordProblem } from '../record/record-problem.ts';
import type { RefusedRecord } from '../rejected-records.ts';
import { judgeSized } from './accept-records.ts';
import { eventContext } from './event-context.ts';
import { firstToken, readCredential } from './import-credential.ts';

/** `ingestion-api.md` 3: events of servers, under a credential, one job a request. */
export async function importEvents(request: EdgeRequest, services: EdgeServices): Promise<Answer> {
  const { requestBytesMax: bytesMax } = services.options;
  const { turns } = services;
  const payload = await readPayload(request, { bytesMax, lines: true, turns });
  const control = controlOf(request.query, payload.form);
  const records = 'problem' in payload ? [] : payload.records;
  const project = await authorise(request, { control, records, services });
  if (project === 'project-missing') {
    return badImport("'project_id' is invalid: must be given with a service account");
  }
  if (project === null) return importUnauthorized();

  const strict = isSwitchedOn(control('strict'));
  const form = readAnswerForm(control);
  if ('problem' in payload) {
    const legacy = !strict && isLegacy(request, payload.form.has('data'));
    return answerProblem(payload.problem, legacy ? form : null);
  }
  const useAddress = control('ip') !== '0';
  const outcome = await store(payload, { request, project, strict, useAddress, services });
  if (strict || !isLegacy(request, payload.legacy)) return importAnswer(outcome, strict);
  const { imported, refused } = outcome;
  const first = refused[0]?.problem.message ?? 'data, missing or empty';
  return legacyImportAnswer(imported, imported > 0 ? null : first, form);
}

const isLegacy = ({ method }: EdgeRequest, fromForm: boolean): boolean =>
  fromForm || method === 'GET';

function answerProblem(
  { code, message }: BodyProblem,
  legacy: Parameters<typeof legacyImportAnswer>[2] | null,
): Answer {
  if (code === 'too_large') return failureAnswer({ status: 413, error: message });
  return legacy === null ? badImport(message) : legacyImportAnswer(0, message, legacy);
}

async function authorise(
  { authorization }: EdgeRequest,
  {
    control,
    records,
    services,
  }: {
    control: (name: string) => string;
    records: readonly unknown[];
    services: EdgeServices;
  },
): Promise<EdgeProject | null | 'project-missing'> {
  const credential = readCredential({
    authorization,
    apiKey: control('api_key'),
    projectId: control('project_id'),
  });
  if (credential === 'none') return null;
  if (credential === 'project-missing') return credential;
  try {
    if (credential !== 'empty') return await services.projects.byCredential(credential);
    const token = firstToken(records);
    return token === '' ? null : await services.projects.byToken(token);
  } catch (error) {
    throw unavailable('credentials cannot be checked right now. Please retry.', error);
  }
}

interface StoreOptions {
  readonly request: EdgeRequest;
  readonly project: EdgeProject;
  readonly strict: boolean;
  readonly useAddress: boolean;
  readonly services: EdgeServices;
}

async function store(
  payload: Payload,
  { request, project, strict, useAddress, services }: StoreOptions,
): Promise<ImportOutcome> {
  const { damaged } = payload;
  // Nobody's browser imports, so neither the agent nor the address says who it was.
  const context = eventContext(
    request,
    { project, damaged, useAddress, isBrowser: false },
    services,
  );
  const records: IngestEvent[] = [];
  const refused: RefusedRecord[] = [];
  for (const [index, raw] of payload.records.entries()) {
    const judge = (record: unknown): IngestEvent | RecordProblem =>
      judgeImportEvent(record, context, strict);
    const result = judgeSized(raw, payload, judge);
    if (result instanceof RecordProblem) refused.push({ index, problem: result, raw });
    else records.push(result);
  }
  const { batcher, gate, rejected } = services;
  const source = 'import';
  const bytes = payload.size;
  countRecords(source, 'refused', refused.length);
  if (refused.length > 0) rejected.report(project.id, refused, { now: context.now, source });
  if (records.length > 0) {
    const { id } = project;
    const admission = { project: id, records: records.length, bytes, comesBack: false };
    const queue = await gate.admit({ queue: 'bulk', ...admission });
    await batcher.submitWhole(queue, { project: project.id, source, records, bytes });
  }
  countRecords(source, 'accepted', records.length);
  return { imported: records.length, refused };
}
