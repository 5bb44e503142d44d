import { ApiError } from '../errors.ts';
import type { Principal } from './principal.ts';

const safeMethods = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * A session cookie travels by itself, so a change made with one must come from a page of ours. The
 * cookie's SameSite=Lax says the same to browsers; this does not rely on them.
 */
export function refuseForeignOrigin(
  principal: Principal,
  request: { readonly method: string; readonly origin: string | undefined },
  trustedOrigins: readonly string[],
): void {
  if (principal.type !== 'user' || safeMethods.has(request.method)) return;
  if (request.origin === undefined || trustedOrigins.includes(request.origin)) return;
  throw new ApiError('FORBIDDEN', `a page of ${request.origin} may not act for the signed-in user`);
}
