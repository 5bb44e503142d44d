import { z } from 'zod';

/** What callers give, over tRPC and REST alike. */

export const requestIdSchema = z.string().regex(/^[\w-]{1,64}$/, {
  error: 'must be the id of a request',
});

export const requestCursorSchema = z.string().max(100);

export const accessLinkSchema = z.object({
  expires: z.coerce.number().int().positive(),
  signature: z.string().max(100),
  /** `json` = lines of JSON; `zip` = an archive with one file of JSON. */
  format: z.enum(['json', 'zip']).default('json'),
});
