import { readAuthorization } from '../../auth/authorization-header.ts';
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
 */
export function readCredential(
  shown: ShownCredentials,
): ImportCredential | 'empty' | 'none' | 'project-missing' {
  const { authorization, apiKey, projectId } = shown;
  const [scheme = '', encoded = ''] = authorization.trim().split(/\s+/, 2);
  if (scheme === '') return apiKey === '' ? 'none' : { type: 'api-key', value: apiKey };
  const credentials = readAuthorization(authorization);
  if (credentials === null && scheme.toLowerCase() !== 'basic') return 'none';
  if (credentials === null) return encoded === '' ? 'empty' : 'none';
  const { username, password: secret } = credentials;
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
