export type PolicyInput = {
  readonly nonce: string;
  /** Origin of the API as the browser reaches it: the demo shop loads the SDK from it and sends to it. */
  readonly apiOrigin: string;
  readonly development: boolean;
};

/**
 * Content security policy of every page. Scripts run only with the nonce of this answer; styles may
 * be written inline because charts and menus position themselves that way. Nothing outside of this
 * installation is named. Development alone needs eval (React's stack traces) and the reload socket.
 */
export function contentPolicy({ nonce, apiOrigin, development }: PolicyInput): string {
  const directives: Record<string, readonly string[]> = {
    'default-src': ["'self'"],
    'script-src': [
      "'self'",
      `'nonce-${nonce}'`,
      apiOrigin,
      ...(development ? ["'unsafe-eval'"] : []),
    ],
    'style-src': ["'self'", "'unsafe-inline'"],
    'img-src': ["'self'", 'data:', 'blob:'],
    'font-src': ["'self'"],
    'connect-src': ["'self'", apiOrigin, ...(development ? ['ws:'] : [])],
    'object-src': ["'none'"],
    'base-uri': ["'self'"],
    'form-action': ["'self'"],
    'frame-ancestors': ["'none'"],
  };
  return Object.entries(directives)
    .map(([name, sources]) => `${name} ${sources.join(' ')}`)
    .join('; ');
}
