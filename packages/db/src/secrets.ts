import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/*
 * Secrets of machines: project secrets, secrets of service accounts, set-up links. They are random
 * (128 bits and more), so a fast hash is enough to make a stolen database useless, and an exact hash
 * lets a secret be looked up by it. Passwords of people are another matter: better-auth keeps those
 * under scrypt.
 */

/** 32 hexadecimal digits: the form Mixpanel's clients expect of a token. */
export function newToken(): string {
  return randomBytes(16).toString('hex');
}

/** 64 hexadecimal digits; shown once, stored only as `hashSecret` of it. */
export function newSecret(): string {
  return randomBytes(32).toString('hex');
}

/** What the database keeps of a secret. */
export function hashSecret(secret: string): string {
  return createHash('sha256').update(secret, 'utf8').digest('hex');
}

/** Compares in a time that does not depend on how much of it is right. */
export function secretMatches(secret: string, hash: string): boolean {
  const presented = Buffer.from(hashSecret(secret), 'hex');
  const stored = Buffer.from(hash, 'hex');
  return stored.length === presented.length && timingSafeEqual(presented, stored);
}
