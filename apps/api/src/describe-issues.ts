import type { z } from 'zod';

/** `query.range.from: expected YYYY-MM-DD`: every fault with its place. */
export function describeIssues(error: z.ZodError): string {
  return error.issues
    .map(({ path, message }) => `${path.join('.') || 'request'}: ${message.toLowerCase()}`)
    .join('; ');
}
