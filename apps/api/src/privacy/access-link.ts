import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';
import type { AccessLink } from './ports.ts';

/** Makes and checks links by which anybody who has one may fetch what a request for access asks for. */
export interface AccessLinks {
  /** A path of the API. */
  pathOf(request: string, expires: number): string;
  /** Whether the link is one of ours, and still holds. */
  holds(link: AccessLink, now: number): boolean;
}

export const accessPath = '/api/v1/data-access';

export function createAccessLinks(masterKey: string): AccessLinks {
  const key = Buffer.from(hkdfSync('sha256', masterKey, '', 'arbor/access-links', 32));
  const sign = (request: string, expires: number): string =>
    createHmac('sha256', key).update(`${request}\0${expires}`, 'utf8').digest('base64url');
  return {
    pathOf: (request, expires) =>
      `${accessPath}/${request}?expires=${expires}&signature=${sign(request, expires)}`,
    holds: ({ request, expires, signature }, now) => {
      const [given, expected] = [Buffer.from(signature), Buffer.from(sign(request, expires))];
      return expires > now && given.length === expected.length && timingSafeEqual(given, expected);
    },
  };
}
