import { limits } from '@arbor/schema/limits';
import type { IngestRecord, IngestSource } from '@arbor/schema/ingest';
import type { Payload } from '../decode/read-payload.ts';
import { originForbidden, originProblemOf, unavailable } from '../edge-failure.ts';
import { countRecords } from '../edge-metrics.ts';
import type { EdgeServices } from '../edge-services.ts';
import type { EdgeProject } from '../ports.ts';
import type { EventContext } from '../record/event-context.ts';
import { type Ignored, ignored, RecordProblem } from '../record/record-problem.ts';
import type { RefusedRecord } from '../rejected-records.ts';
import { isOriginAllowed } from './allowed-origins.ts';

/** A request rarely carries two tokens; a look-up each for thousands would be an attack. */
const tokensPerRequestMax = 50;
const tokenCharactersMax = 255;

export interface Verdict {
  /** Stored, ignored as asked, or of an unknown token, which its sender shall not learn (2.1). */
  readonly good: number;
  readonly refused: readonly RefusedRecord[];
}

export interface RecordJudge {
  readonly source: IngestSource;
  readonly tokenOf: (raw: unknown) => string | RecordProblem;
  readonly judge: (raw: unknown, context: EventContext) => IngestRecord | RecordProblem | Ignored;
  readonly contextOf: (project: EdgeProject) => EventContext;
  /** Of the page that sends; "" = no page's. */
  readonly origin: string;
}

/** Records of one project in one request. */
interface Group {
  readonly context: EventContext;
  readonly records: IngestRecord[];
  readonly refused: RefusedRecord[];
}

/**
 * Judges the records of a request that carry their tokens, each alone, and returns when the good ones
 * are durable. Rejects with `EdgeFailure` when that could not be reached.
 */
export async function acceptRecords(
  payload: Payload,
  judge: RecordJudge,
  services: EdgeServices,
): Promise<Verdict> {
  const tokens = payload.records.map((raw) => judge.tokenOf(raw));
  const projects = await findProjects(tokens, services);
  refuseOrigin(payload, judge, projects.values(), services);
  const groups = new Map<EdgeProject, Group>();
  const refused: RefusedRecord[] = [];
  const unknownTokens = new Set<string>();
  let unknown = 0;

  for (const [index, raw] of payload.records.entries()) {
    const token = tokens[index] as string | RecordProblem;
    const project = token instanceof RecordProblem ? token : projects.get(token);
    if (project instanceof RecordProblem) {
      refused.push({ index, problem: project, raw });
    } else if (project === undefined || project === null) {
      unknown++;
      unknownTokens.add(token as string);
    } else {
      const group = groupOf(project, groups, judge);
      const result = judgeSized(raw, payload, (record) => judge.judge(record, group.context));
      if (result instanceof RecordProblem) {
        group.refused.push({ index, problem: result, raw });
        refused.push({ index, problem: result, raw });
      } else if (result !== ignored) {
        group.records.push(result);
      }
    }
  }
  services.rejected.reportUnknown(unknownTokens, {
    now: services.clock(),
    source: judge.source,
    origin: judge.origin,
  });
  const stored = await submit(groups, { payload, source: judge.source, services });
  countRecords(judge.source, 'accepted', stored);
  countRecords(judge.source, 'unknown_token', unknown);
  countRecords(judge.source, 'refused', refused.length);
  return { good: payload.records.length - refused.length, refused };
}

/**
 * A request of a page that one of its projects does not take from is turned away whole, so that its client keeps what it has:
 * the list may be what is wrong. Live, and with it the page "Connect", shows the first of its records and the origin.
 */
function refuseOrigin(
  { records }: Payload,
  { origin, source }: RecordJudge,
  projects: Iterable<EdgeProject | RecordProblem | null>,
  { rejected, clock }: EdgeServices,
): void {
  for (const project of projects) {
    if (project === null || project instanceof RecordProblem) continue;
    if (isOriginAllowed(origin, project.settings.allowedOrigins)) continue;
    const problem = new RecordProblem('not_supported', 'origin', originProblemOf(origin));
    const now = clock();
    rejected.report(project.id, [{ index: 0, problem, raw: records[0] }], { now, source });
    throw originForbidden(origin);
  }
}

/** The limit on one record's size; only in a request larger than that can there be such a record. */
export function judgeSized<Result>(
  raw: unknown,
  payload: Pick<Payload, 'size'>,
  judge: (raw: unknown) => Result,
): Result | RecordProblem {
  const result = judge(raw);
  if (result instanceof RecordProblem || payload.size <= limits.recordBytesMax) return result;
  if (writtenBytes(raw) <= limits.recordBytesMax) return result;
  const message = `record exceeds max limit of ${limits.recordBytesMax} bytes`;
  return new RecordProblem('too_large', '', message);
}

/**
 * Bytes of a record as JSON; infinite when it is nested too deeply to be written out. A judge bounds
 * the depth of what it stores only: beside it may lie anything, a million brackets for instance.
 */
function writtenBytes(raw: unknown): number {
  try {
    return Buffer.byteLength(JSON.stringify(raw));
  } catch (error) {
    if (error instanceof RangeError) return Infinity;
    throw error;
  }
}

async function findProjects(
  tokens: readonly (string | RecordProblem)[],
  { projects }: EdgeServices,
): Promise<Map<string, EdgeProject | RecordProblem | null>> {
  const found = new Map<string, EdgeProject | RecordProblem | null>();
  for (const token of tokens) {
    if (token instanceof RecordProblem || found.has(token)) continue;
    if (found.size >= tokensPerRequestMax) {
      const message = `request must not carry more than ${tokensPerRequestMax} tokens`;
      found.set(token, new RecordProblem('too_large', '', message));
    } else if (token.length > tokenCharactersMax) {
      found.set(token, null);
    } else {
      try {
        found.set(token, await projects.byToken(token));
      } catch (error) {
        throw unavailable('projects cannot be looked up right now. Please retry.', error);
      }
    }
  }
  return found;
}

function groupOf(
  project: EdgeProject,
  groups: Map<EdgeProject, Group>,
  { contextOf }: RecordJudge,
): Group {
  let group = groups.get(project);
  if (group === undefined) {
    group = { context: contextOf(project), records: [], refused: [] };
    groups.set(project, group);
  }
  return group;
}

async function submit(
  groups: ReadonlyMap<EdgeProject, Group>,
  { payload, source, services }: { payload: Payload; source: IngestSource; services: EdgeServices },
): Promise<number> {
  const { batcher, gate, rejected, clock } = services;
  const bytesOf = (records: readonly unknown[]): number =>
    Math.ceil((payload.size * records.length) / payload.records.length);
  // Many profiles at once come from scripts: mixpanel-import has 50 requests of 2,000 under way (13.3).
  const comesBack = source === 'track' || source === 'sdk';
  // All before any is sent: a request that is turned away is sent again as a whole.
  for (const [{ id }, { records }] of groups) {
    if (records.length === 0) continue;
    const bytes = bytesOf(records);
    await gate.admit({ queue: 'live', project: id, records: records.length, bytes, comesBack });
  }
  const sent: Promise<void>[] = [];
  let stored = 0;
  for (const [{ id }, { records, refused }] of groups) {
    if (refused.length > 0) rejected.report(id, refused, { now: clock(), source });
    if (records.length === 0) continue;
    stored += records.length;
    sent.push(batcher.submit({ project: id, source, records, bytes: bytesOf(records) }));
  }
  await Promise.all(sent);
  return stored;
}
