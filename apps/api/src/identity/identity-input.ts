import { z } from 'zod';
import { identifierSchema } from '../users/users-input.ts';

/** What callers give, over tRPC and REST alike. */

export const mergeInputSchema = z
  .object({ one: identifierSchema, other: identifierSchema })
  .refine(({ one, other }) => one !== other, { error: 'one and other are the same identifier' });

export const cursorSchema = z.string().regex(/^\d{1,15}$/, {
  error: 'must be the "next" of a page',
});

export const linkIdSchema = z.string().regex(/^\d{1,15}$/, {
  error: 'must be the number of a link',
});

export const refusalDaysSchema = z.coerce.number().int().min(1).max(365).default(7);
