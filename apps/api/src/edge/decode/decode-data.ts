import { BodyProblem, emptyBody } from './body-problem.ts';
import { decodeComponent } from './form-fields.ts';
import { decodeUtf8 } from './utf8.ts';

export interface DecodedData {
  readonly value: unknown;
  /** Length of the JSON text, near enough to its bytes to judge the size of a batch. */
  readonly size: number;
  readonly damaged: boolean;
}

/**
 * The JSON value behind a `data` field: plain JSON, or base64 of it in any of the forms clients
 * produce: `+` that a form parser turned into a space, the URL-safe alphabet, no padding
 * (`ingestion-api.md` 1.2, step 3).
 */
export function decodeData(data: string): DecodedData | BodyProblem {
  const trimmed = data.trim();
  if (trimmed === '') return emptyBody();
  if (looksLikeJson(trimmed)) return decodePlain(trimmed);

  // Spaces at the ends may be a `+` of the payload, so they are repaired, not trimmed.
  const base64 = data.replaceAll(' ', '+').replaceAll(/[\r\n\t]/g, '');
  if (!/^[A-Za-z0-9+/_-]*={0,2}$/.test(base64)) {
    return new BodyProblem('invalid', 'data is neither json nor base64');
  }
  const { text, damaged } = decodeUtf8(Buffer.from(base64, 'base64'));
  return parseJson(text, damaged);
}

export function looksLikeJson(text: string): boolean {
  const first = text[0];
  return first === '{' || first === '[';
}

/**
 * JSON text to value. Deep nesting is safe here (the parser of V8 keeps its own stack); everything
 * that walks the value afterwards bounds its depth.
 */
export function parseJson(text: string, damaged: boolean): DecodedData | BodyProblem {
  try {
    const value: unknown = JSON.parse(text);
    return { value, size: text.length, damaged };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return new BodyProblem('invalid', `data is not valid json: ${reason}`);
  }
}

/** A few encoders leave brackets alone and escape the rest, so a failure is tried once more, decoded. */
function decodePlain(text: string): DecodedData | BodyProblem {
  const direct = parseJson(text, false);
  if (!(direct instanceof BodyProblem) || !text.includes('%')) return direct;
  const decoded = parseJson(decodeComponent(text), false);
  return decoded instanceof BodyProblem ? direct : decoded;
}
