export interface Credentials {
  readonly username: string;
  /** Empty = there is only a secret, which is the name. */
  readonly password: string;
}

/**
 * The credentials of an `Authorization` header. `Basic`: base64, or, as Mixpanel's clients are known to send it, plain
 * `user:secret` text (`query-api.md` 1.2). `Bearer`: `user:secret`, or a secret alone, as it is, for clients that know no other
 * scheme. Null for another scheme or none.
 */
export function readAuthorization(header: string | undefined): Credentials | null {
  const [, scheme, rest = ''] = /^(basic|bearer)\s+(\S.*)$/i.exec(header ?? '') ?? [];
  if (scheme === undefined) return null;
  const given = rest.trim();
  // ':' is not a letter of base64, so text that has one is the credential itself.
  const isPlain = given.includes(':') || scheme.toLowerCase() === 'bearer';
  const text = isPlain ? given : Buffer.from(given, 'base64').toString('utf8');
  const colon = text.indexOf(':');
  if (colon === -1) return { username: text, password: '' };
  return { username: text.slice(0, colon), password: text.slice(colon + 1) };
}
