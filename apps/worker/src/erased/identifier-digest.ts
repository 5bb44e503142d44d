import { createHmac, hkdfSync } from 'node:crypto';

/** Turns an identifier of a project into what is kept of it once it is erased: 32 bytes. */
export type IdentifierDigest = (project: number, identifier: string) => Buffer;

/**
 * HMAC-SHA-256 under a key of its own that derives from the installation's: who reads the database alone cannot try out
 * addresses of mail. The project is part of what is hashed, so that digests of two projects do not compare.
 */
export function createIdentifierDigest(masterKey: string): IdentifierDigest {
  const key = Buffer.from(hkdfSync('sha256', masterKey, '', 'arbor/erased-identifiers', 32));
  return (project, identifier) =>
    createHmac('sha256', key).update(`${project}\0${identifier}`, 'utf8').digest();
}
