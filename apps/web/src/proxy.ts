import { NextResponse, type NextRequest } from 'next/server';
import { publicApiUrl, webConfig } from '#api/config.ts';
import { contentPolicy } from '#api/content-policy.ts';

/** Gives each page a content security policy with a nonce of its own; Next puts it on its scripts. */
export function proxy(request: NextRequest): NextResponse {
  const { apiUrl, development } = webConfig();
  const policy = contentPolicy({
    nonce: Buffer.from(crypto.randomUUID()).toString('base64'),
    apiOrigin: publicApiUrl(apiUrl, request.headers.get('host')),
    development,
  });
  const headers = new Headers(request.headers);
  headers.set('content-security-policy', policy);
  const response = NextResponse.next({ request: { headers } });
  response.headers.set('content-security-policy', policy);
  return response;
}

export const config = {
  matcher: ['/((?!api/|trpc/|healthz|_next/static|_next/image|icon.svg).*)'],
};
