import { isJsonObject } from '../record/clean-properties.ts';
import type { ImportCredential } from '../ports.ts';

export interface ShownCredentials {
  readonly authorization: string;
  readonly apiKey: string;
  readonly projectId: string;
}

/**
 * Which credential a caller of `/import` shows (`ingestion-api.md` 1.3). `empty` = a Basic header with
 * nothing in it, as mixpanel-import sends when it has only a token; the token in the records counts.
 * Bearer tokens are not issued by Arbor, so there is no right one.
 */
export function readCredential(
  shown: ShownCredentials,
): ImportCredential | 'empty' | 'none' | 'project-missing' {
  const { authorization, apiKey, projectId } = shown;
  const [scheme = '', encoded = ''] = authorization.trim().split(/\s+/, 2);
  if (scheme.toLowerCase() !== 'basic') {
    if (authorization.trim() !== '') return 'none';
    return apiKey === '' ? 'none' : { type: 'api-key', value: apiKey };
  }
  const pair = Buffer.from(encoded, 'base64').toString('utf8');
  const colon = pair.indexOf(':');
  const username = colon < 0 ? pair : pair.slice(0, colon);
  const secret = colon < 0 ? '' : pair.slice(colon + 1);
  if (secret === '') {
    return username === '' ? 'empty' : { type: 'token-or-secret', value: username };
  }
  if (!/^[1-9]\d{0,8}$/.test(projectId)) return 'project-missing';
  return { type: 'service-account', username, secret, projectId: Number(projectId) };
}

/** The first token in the records of a request without another credential; "" = none has one. */
export function firstToken(records: readonly unknown[]): string {
  for (const record of records) {
    const properties = isJsonObject(record) ? record['properties'] : undefined;
    const token = isJsonObject(properties) ? properties['token'] : undefined;
    if (typeof token === 'string' && token !== '') return token;
  }
  return '';
}
