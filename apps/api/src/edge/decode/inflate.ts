import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { BodyProblem, bodyTooLarge } from './body-problem.ts';

const inflateBytes = promisify(gunzip);

/**
 * The body without compression, decided by its first bytes and not by a header: proxies inflate and
 * leave the header, clients compress and forget it. No JSON, form or base64 text starts with `1f 8b`.
 *
 * Inflation stops at `bytesMax`, so a bomb costs no more than the largest honest request. It runs on
 * zlib's thread, so that a large body does not hold up the small ones.
 */
export async function inflate(
  body: Uint8Array,
  bytesMax: number,
): Promise<Uint8Array | BodyProblem> {
  if (body[0] !== 0x1f || body[1] !== 0x8b) {
    return body.byteLength > bytesMax ? bodyTooLarge(bytesMax) : body;
  }
  try {
    return await inflateBytes(body, { maxOutputLength: bytesMax });
  } catch (error) {
    if (error instanceof RangeError && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE') {
      return bodyTooLarge(bytesMax);
    }
    const reason = error instanceof Error ? error.message : String(error);
    return new BodyProblem('invalid', `body is not valid gzip: ${reason}`);
  }
}
