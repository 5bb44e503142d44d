import { hkdfSync } from 'node:crypto';
import type { Db } from '@arbor/db';
import type { Logger } from '@arbor/runtime/logger';
import { betterAuth } from 'better-auth';
import { prismaAdapter } from 'better-auth/adapters/prisma';
import { hashPassword } from 'better-auth/crypto';
import { passwordLength } from './password-length.ts';
import type { SignedInUser } from './principal.ts';
import type { RateLimiter } from './rate-limiter.ts';
import { authRules } from './rate-limiter.ts';

/** Where the API puts the caller's address after it judged the forwarding headers itself. */
export const clientAddressHeader = 'x-arbor-client-address';

/** Sign-in by e-mail and password. Sign-up is closed: accounts are made by the set-up link and by owners. */
export interface Accounts {
  /** Answers everything under `/api/auth/`. */
  handle(request: Request): Promise<Response>;
  /** The user whose session cookie these headers carry; null without a valid one. */
  userOf(headers: Headers): Promise<SignedInUser | null>;
}

export interface AccountsOptions {
  readonly db: Db;
  readonly masterKey: string;
  /** The origin browsers see: the dashboard's, which passes `/api/auth` on. */
  readonly webUrl: string;
  readonly trustedOrigins: readonly string[];
  readonly rateLimiter: RateLimiter;
  readonly logger: Logger;
}

export function createAccounts(options: AccountsOptions): Accounts {
  const { db, webUrl, rateLimiter, logger } = options;
  const auth = betterAuth({
    appName: 'Arbor',
    baseURL: webUrl,
    basePath: '/api/auth',
    secret: sessionSecret(options.masterKey),
    trustedOrigins: [...options.trustedOrigins],
    database: prismaAdapter(db, { provider: 'postgresql', transaction: true }),
    emailAndPassword: {
      enabled: true,
      disableSignUp: true,
      minPasswordLength: passwordLength.min,
      maxPasswordLength: passwordLength.max,
    },
    rateLimit: { enabled: true, ...authRules, customStorage: rateLimiter },
    telemetry: { enabled: false },
    logger: {
      log: (level, message) =>
        logger[level === 'error' ? 'error' : 'debug']({ message }, 'accounts'),
    },
    advanced: {
      cookiePrefix: 'arbor',
      useSecureCookies: webUrl.startsWith('https:'),
      // Said outright, because the library's own defaults are off wherever NODE_ENV is "test".
      disableOriginCheck: false,
      disableCSRFCheck: false,
      defaultCookieAttributes: { httpOnly: true, sameSite: 'lax' },
      ipAddress: { ipAddressHeaders: [clientAddressHeader] },
    },
  });
  return {
    handle: (request) => auth.handler(request),
    userOf: async (headers) => {
      // Spares two look-ups for every guest and every script.
      if (!headers.get('cookie')?.includes('arbor.')) return null;
      const session = await auth.api.getSession({ headers });
      if (session === null) return null;
      const { id, name, email } = session.user;
      return { id, name, email };
    },
  };
}

/** As sign-in will check it: salted scrypt. */
export function hashUserPassword(password: string): Promise<string> {
  return hashPassword(password);
}

/** Signs session cookies: derived, so that the master key itself stays out of the accounts library. */
function sessionSecret(masterKey: string): string {
  return Buffer.from(hkdfSync('sha256', masterKey, '', 'arbor/session-cookies', 32)).toString(
    'hex',
  );
}

/**
 * Origins from which a browser may use a session. A stack on this machine is opened as `localhost` or
 * as `127.0.0.1`, whatever its configured address says.
 */
export function trustedOriginsOf(urls: readonly string[]): string[] {
  const origins = new Set<string>();
  for (const text of urls) {
    const url = new URL(text);
    origins.add(url.origin);
    if (url.hostname !== 'localhost' && url.hostname !== '127.0.0.1') continue;
    for (const host of ['localhost', '127.0.0.1']) {
      url.hostname = host;
      origins.add(url.origin);
    }
  }
  return [...origins];
}
