import { expect, it } from 'vitest';
import { contentPolicy } from './content-policy.ts';

it('allows scripts by nonce and from the API only, and never inside a frame', () => {
  const policy = contentPolicy({ nonce: 'n', apiOrigin: 'http://a.test:4000', development: false });
  expect(policy).toContain("script-src 'self' 'nonce-n' http://a.test:4000;");
  expect(policy).toContain("frame-ancestors 'none'");
  expect(policy).not.toContain('unsafe-eval');
});

it('allows eval in development, where React needs it', () => {
  const policy = contentPolicy({ nonce: 'n', apiOrigin: 'http://a.test', development: true });
  expect(policy).toContain("'unsafe-eval'");
});
