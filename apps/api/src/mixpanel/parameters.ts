import type { FastifyRequest } from 'fastify';
import { BodyProblem, unknownPacking } from '../edge/decode/body-problem.ts';
import { parseFields } from '../edge/decode/form-fields.ts';
import { inflate } from '../edge/decode/inflate.ts';
import { decodeUtf8 } from '../edge/decode/utf8.ts';
import { ApiError } from '../errors.ts';

/** As much as a list of distinct ids or a bookmark of hundreds of filters takes. */
export const bodyBytesMax = 10 * 1024 * 1024;

type Source = ReadonlyMap<string, unknown>;

/**
 * The parameters of a request (`query-api.md` 1.1): of the query string, which wins, and of a form or JSON body.
 * What is itself JSON comes as a text in the first two and as it is, or as a text, in the last. An empty text is
 * a parameter that is missing. Every method throws INVALID_REQUEST and names the parameter.
 */
export class Parameters {
  readonly #source: Source;

  constructor(source: Source) {
    this.#source = source;
  }

  has(name: string): boolean {
    return this.raw(name) !== undefined;
  }

  /** As it was sent: text, or what a JSON body had. Undefined = missing, null or an empty text. */
  raw(name: string): unknown {
    const value = this.#source.get(name);
    return value === null || value === '' ? undefined : value;
  }

  text(name: string): string | undefined {
    const value = this.raw(name);
    if (value === undefined || typeof value === 'string') return value;
    if (typeof value === 'number' || typeof value === 'boolean') return String(value);
    throw bad(name, `must be a text, not ${JSON.stringify(value)}`);
  }

  required(name: string): string {
    return this.text(name) ?? missing(name);
  }

  /** Whole numbers, both ends inside. */
  integer(
    name: string,
    { min, max }: { readonly min: number; readonly max: number },
  ): number | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    const value = Number(text);
    if (Number.isInteger(value) && value >= min && value <= max) return value;
    throw bad(name, `must be a whole number from ${min} to ${max}, not "${text}"`);
  }

  /** `true`, `false`, 1 or 0, in any case. */
  flag(name: string): boolean | undefined {
    const text = this.text(name)?.toLowerCase();
    if (text === undefined) return undefined;
    if (text === 'true' || text === '1') return true;
    if (text === 'false' || text === '0') return false;
    throw bad(name, `must be true or false, not "${text}"`);
  }

  choice<T extends string>(name: string, choices: readonly T[]): T | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    const found = choices.find((choice) => choice === text.toLowerCase());
    if (found !== undefined) return found;
    throw bad(name, `must be one of ${choices.join(', ')}, not "${text}"`);
  }

  /** A day of the project's zone, `YYYY-MM-DD`, that exists. */
  date(name: string): string | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    if (isDate(text)) return text;
    throw bad(name, `must be a date such as 2024-03-04, not "${text}"`);
  }

  /** Both required; not backwards. */
  dates(): { readonly from: string; readonly to: string } {
    const from = this.date('from_date') ?? missing('from_date');
    const to = this.date('to_date') ?? missing('to_date');
    if (from > to) throw bad('from_date', `${from} lies after to_date ${to}`);
    return { from, to };
  }

  /** The value of a JSON text, or what a JSON body had in its place. */
  json(name: string): unknown {
    const value = this.raw(name);
    if (typeof value !== 'string') return value;
    try {
      return JSON.parse(value) as unknown;
    } catch (cause) {
      throw bad(name, `is no JSON: ${value.slice(0, 100)}`, cause);
    }
  }

  /** A JSON array of texts; numbers count as their text. */
  texts(name: string): string[] | undefined {
    const value = this.json(name);
    if (value === undefined) return undefined;
    if (Array.isArray(value) && value.every(isTextOrNumber)) return value.map(String);
    throw bad(name, `must be a JSON array of texts, for example ["A","B"]`);
  }

  /** Throws what is wrong with a parameter that was read in another way. */
  refuse(name: string, why: string): never {
    throw bad(name, why);
  }
}

/** Reads them. Bodies may be compressed, whatever the headers say. */
export async function readParameters(request: FastifyRequest): Promise<Parameters> {
  const { url, body, headers } = request;
  const question = url.indexOf('?');
  const source = new Map<string, unknown>();
  if (body instanceof Uint8Array && body.byteLength > 0) {
    for (const [name, value] of await bodyFields(body, headers['content-encoding'])) {
      source.set(name, value);
    }
  }
  const query = parseFields(question < 0 ? '' : url.slice(question + 1));
  for (const [name, value] of query) source.set(name, value);
  return new Parameters(source);
}

/** Content decides: many clients send JSON as a form, and forms without saying so. */
async function bodyFields(body: Uint8Array, packing: string | undefined): Promise<Source> {
  const inflated = await inflate(body, bodyBytesMax);
  if (inflated instanceof BodyProblem) throw problemOf(inflated);
  const { text: decoded, damaged } = decodeUtf8(inflated);
  const text = decoded.trim();
  if (!text.startsWith('{') && !text.startsWith('[')) {
    const problem = damaged ? unknownPacking(packing) : null;
    if (problem !== null) throw problemOf(problem);
    return parseFields(text);
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new ApiError('INVALID_REQUEST', 'the body is no JSON', { cause });
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    return new Map(Object.entries(value));
  }
  throw new ApiError('INVALID_REQUEST', 'the body must be a JSON object of parameters');
}

const problemOf = ({ code, message }: BodyProblem): ApiError =>
  new ApiError(code === 'too_large' ? 'TOO_LARGE' : 'INVALID_REQUEST', message);

export function isDate(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const day = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text);
}

const isTextOrNumber = (value: unknown): value is string | number =>
  typeof value === 'string' || typeof value === 'number';

function bad(name: string, why: string, cause?: unknown): ApiError {
  return new ApiError('INVALID_REQUEST', `${name}: ${why}`, cause === undefined ? {} : { cause });
}

function missing(name: string): never {
  throw bad(name, 'is missing');
}
