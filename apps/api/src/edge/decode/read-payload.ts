import { limits } from '@arbor/schema/limits';
import { BodyProblem, emptyBody, tooManyRecords, unknownPacking } from './body-problem.ts';
import { decodeData, looksLikeJson, parseJson, type DecodedData } from './decode-data.ts';
import { type Fields, parseFields } from './form-fields.ts';
import { inflate } from './inflate.ts';
import type { LoopTurns } from './loop-turns.ts';
import { BrokenLine, parseJsonLines } from './json-lines.ts';
import { decodeUtf8 } from './utf8.ts';

/** A request as it came: everything the decision by content may look at. */
export interface RawRequest {
  readonly query: Fields;
  readonly body: Uint8Array | null;
  readonly contentType: string;
  /** Looked at where the body makes no sense without it. */
  readonly contentEncoding?: string;
}

export interface Payload {
  readonly records: readonly unknown[];
  /** Control fields of a form body; the query string wins over them. */
  readonly form: Fields;
  /** The records came in a `data` field: a legacy client, which reads legacy answers (3.3). */
  readonly legacy: boolean;
  readonly size: number;
  readonly damaged: boolean;
}

/** Parsing and judging more than this takes milliseconds, which small requests shall not wait for one after the other. */
const largeBytes = 64 * 1024;

const noFields: Fields = new Map();

/**
 * Decodes a request of `/track`, `/engage` and `/e` by `ingestion-api.md` 1.2; with `lines`, that of
 * `/import` (3.1), which may also be one record a line. Content decides, headers do not.
 *
 * Large bodies go on in `turns`, where there are some.
 *
 * The form fields are returned beside a problem too, because they say how the problem is answered.
 */
export async function readPayload(
  request: RawRequest,
  options: { bytesMax: number; lines?: boolean; turns?: LoopTurns },
): Promise<Payload | { problem: BodyProblem; form: Fields }> {
  const { query, body, contentType } = request;
  if (body === null || body.byteLength === 0) {
    return fromData(query.get('data'), noFields, false);
  }
  const inflated = await inflate(body, options.bytesMax);
  if (inflated instanceof BodyProblem) return { problem: inflated, form: noFields };
  if (inflated.byteLength > largeBytes) await options.turns?.next();

  const { text, damaged } = decodeUtf8(inflated);
  const trimmed = text.trim();
  // A header that says lines is believed even of a first line that is none: the others are records.
  const isLines = options.lines === true && saysLines(contentType) && trimmed !== '';
  if (isLines || looksLikeJson(trimmed)) {
    const decoded = options.lines
      ? parseImport(trimmed, damaged, contentType)
      : parseJson(trimmed, damaged);
    return toPayload(decoded, { form: noFields, legacy: false });
  }
  const form = parseFields(text);
  const data = form.get('data') ?? query.get('data');
  const packing = data === undefined ? unknownPacking(request.contentEncoding) : null;
  return packing === null ? fromData(data, form, damaged) : { problem: packing, form };
}

function fromData(
  data: string | undefined,
  form: Fields,
  damaged: boolean,
): Payload | { problem: BodyProblem; form: Fields } {
  const decoded = data === undefined ? emptyBody() : decodeData(data);
  if (decoded instanceof BodyProblem || !damaged) return toPayload(decoded, { form, legacy: true });
  return toPayload({ ...decoded, damaged }, { form, legacy: true });
}

const saysLines = (contentType: string): boolean => contentType.includes('ndjson');

/** The same text may be one JSON value or one a line; the header only decides which is tried first. */
function parseImport(
  text: string,
  damaged: boolean,
  contentType: string,
): DecodedData | BodyProblem {
  const isList = text[0] === '[';
  const whole = saysLines(contentType) && !isList ? null : parseJson(text, damaged);
  if (whole !== null && !(whole instanceof BodyProblem)) return whole;
  if (whole !== null && isList && !saysLines(contentType)) return whole;

  const value = parseJsonLines(text, limits.recordsPerRequestMax);
  const firstGood = value.find((record) => !(record instanceof BrokenLine));
  if (firstGood !== undefined) return { value, size: text.length, damaged };
  // Not one line is JSON. The text may still be one record printed over several lines.
  return whole ?? parseJson(text, damaged);
}

function toPayload(
  decoded: DecodedData | BodyProblem,
  { form, legacy }: { form: Fields; legacy: boolean },
): Payload | { problem: BodyProblem; form: Fields } {
  if (decoded instanceof BodyProblem) return { problem: decoded, form };
  const { value, size, damaged } = decoded;
  const records: readonly unknown[] = Array.isArray(value) ? value : [value];
  if (records.length > limits.recordsPerRequestMax) {
    return { problem: tooManyRecords(limits.recordsPerRequestMax), form };
  }
  return { records, form, legacy, size, damaged };
}
