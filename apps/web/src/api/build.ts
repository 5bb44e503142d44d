/** Which build answers: written into the server's code by `next.config.ts`. */
export function buildName(): string {
  return process.env['ARBOR_BUILD'] ?? 'development';
}
