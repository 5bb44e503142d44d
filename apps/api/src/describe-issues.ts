import type { z } from 'zod';

/** `query.range.from: expected YYYY-MM-DD`: every fault with its place. */
export function describeIssues(error: z.ZodError): string {
  return error.issues
    .map(({ path, message }) => `${path.join('.') || 'request'}: ${startLower(message)}`)
    .join('; ');
}

/** Only the first letter: the rest may hold names and patterns that mean something as they are. */
export function startLower(text: string): string {
  return text.slice(0, 1).toLowerCase() + text.slice(1);
}
