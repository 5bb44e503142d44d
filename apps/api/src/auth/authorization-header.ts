export interface BasicCredentials {
  readonly username: string;
  readonly password: string;
}

/**
 * `Authorization: Basic …`: base64, or, as Mixpanel's clients are known to send it, plain `user:secret`
 * text (`query-api.md` 1.2). Null for another scheme or none.
 */
export function parseBasicCredentials(header: string | undefined): BasicCredentials | null {
  const match = /^basic\s+(\S.*)$/i.exec(header ?? '');
  if (match === null) return null;
  const given = match[1]?.trim() ?? '';
  // ':' is not a letter of base64, so text that has one is the credential itself.
  const text = given.includes(':') ? given : Buffer.from(given, 'base64').toString('utf8');
  const colon = text.indexOf(':');
  if (colon === -1) return { username: text, password: '' };
  return { username: text.slice(0, colon), password: text.slice(colon + 1) };
}
