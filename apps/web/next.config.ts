import path from 'node:path';
import type { NextConfig } from 'next';

const root = path.join(import.meta.dirname, '../..');

/**
 * Headers that do not change from request to request. The content security policy does (it carries
 * a nonce and the API's address of the running stack) and is set in `src/proxy.ts`.
 */
const securityHeaders = [
  { key: 'X-Content-Type-Options', value: 'nosniff' },
  { key: 'X-Frame-Options', value: 'DENY' },
  { key: 'Referrer-Policy', value: 'same-origin' },
  { key: 'Cross-Origin-Opener-Policy', value: 'same-origin' },
  { key: 'Permissions-Policy', value: 'camera=(), microphone=(), geolocation=()' },
];

const config = {
  output: 'standalone',
  // Names the build that answers, so that an open page can tell when there is another (UX-S10).
  env: { ARBOR_BUILD: process.env['ARBOR_BUILD'] ?? 'development' },
  outputFileTracingRoot: root,
  turbopack: { root },
  // Without it a dashboard opened by address, not by name, never hydrates in development.
  allowedDevOrigins: ['127.0.0.1'],
  poweredByHeader: false,
  // Addresses name users, and a log must hold nobody who may want to be erased.
  logging: { incomingRequests: false },
  devIndicators: false,
  // Streams go through route handlers: compression would hold events back until a block is full.
  compress: false,
  headers: () => Promise.resolve([{ source: '/:path*', headers: securityHeaders }]),
} satisfies NextConfig;

export default config;
