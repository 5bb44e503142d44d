import { z } from 'zod';

/** What the pages take of answers that come over REST. */

const auditLineSchema = z.object({
  id: z.string(),
  at: z.iso.datetime().transform((text) => Date.parse(text)),
  actor: z.string(),
  action: z.string(),
  target: z.string().nullable(),
  details: z.unknown(),
});
export type AuditLine = z.infer<typeof auditLineSchema>;

export const auditPageSchema = z.object({
  entries: z.array(auditLineSchema),
  next: z.string().nullable(),
});

const sessionSchema = z.object({
  token: z.string(),
  userAgent: z.string().nullish(),
  ipAddress: z.string().nullish(),
  updatedAt: z.iso.datetime().transform((text) => Date.parse(text)),
});

export type SignIn = {
  readonly token: string;
  readonly userAgent: string | null;
  readonly address: string | null;
  readonly usedMs: number;
  /** The one of this browser. */
  readonly own: boolean;
};

/** Of the accounts library behind `/api/auth`: the session of the request, and all of the same person. */
export const signInsSchema = z
  .object({
    current: z.object({ session: sessionSchema }),
    all: z.array(sessionSchema),
  })
  .transform(({ current, all }): readonly SignIn[] =>
    all
      .map(({ token, userAgent, ipAddress, updatedAt }) => ({
        token,
        userAgent: userAgent ?? null,
        address: ipAddress ?? null,
        usedMs: updatedAt,
        own: token === current.session.token,
      }))
      .toSorted((a, b) => Number(b.own) - Number(a.own) || b.usedMs - a.usedMs),
  );
