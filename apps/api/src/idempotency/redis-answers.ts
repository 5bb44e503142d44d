import { createCipheriv, createDecipheriv, createHash, hkdfSync, randomBytes } from 'node:crypto';
import { keptAnswerKey } from '@arbor/queue/kept-answers';
import type { Redis } from 'ioredis';
import { z } from 'zod';
import type { Claim, KeptAnswer, KeptAnswers, KeyedRequest } from './ports.ts';

/** How long a write may be repeated: a script that fails at night is started again in the morning. */
const keptMs = 24 * 3_600_000;
/** A process that died lets go of its requests after this; one that lives says so three times in it. */
const leaseMs = 30_000;
/** No write takes longer: one whose end is never told lets go of its key then. */
const renewalsMax = 360;

const answerSchema = z.object({
  status: z.number(),
  contentType: z.string().nullable(),
  body: z.string(),
});

/** What Redis has under a key: the owner of a request under way, or a sealed answer. */
const entrySchema = z.object({
  fingerprint: z.string(),
  /** Absent in those of older versions. */
  project: z.number().nullable().optional(),
  owner: z.string(),
  sealed: z.string().nullable(),
  /** It was answered, and users of the project were erased since. */
  forgotten: z.boolean().optional(),
});
type Entry = z.infer<typeof entrySchema>;

/** Only by the one who has the claim: it may have run out, and be another's by now. */
const replaceScript = `
  local value = redis.call('GET', KEYS[1])
  if not value or cjson.decode(value).owner ~= ARGV[1] then return 0 end
  if ARGV[2] == '' then redis.call('DEL', KEYS[1])
  elseif ARGV[2] == 'renew' then redis.call('PEXPIRE', KEYS[1], ARGV[3])
  else redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3]) end
  return 1
`;

/**
 * Answers in Redis, for every api process. They are sealed with a key that Redis does not have: the answer to the making
 * of a project tells its secret, of which nothing but a hash is kept anywhere else.
 */
export function createRedisAnswers(redis: Redis, masterKey: string): KeptAnswers {
  const sealKey = Buffer.from(hkdfSync('sha256', masterKey, '', 'arbor/kept-answers', 32));
  return {
    claim: async ({ key, project, fingerprint }) => {
      const name = keptAnswerKey(createHash('sha256').update(key).digest('base64url'));
      const owner = randomBytes(12).toString('base64url');
      const entry: Entry = { fingerprint, project, owner, sealed: null };
      const known = await redis.set(name, JSON.stringify(entry), 'PX', leaseMs, 'NX', 'GET');
      if (known === null) return firstClaim(redis, name, entry, sealKey);
      return laterClaim(entrySchema.parse(JSON.parse(known)), fingerprint, { name, sealKey });
    },
  };
}

function firstClaim(redis: Redis, name: string, entry: Entry, sealKey: Buffer): Claim {
  const replace = (value: string, ms: number): Promise<unknown> =>
    redis.eval(replaceScript, 1, name, entry.owner, value, String(ms));
  let renewals = 0;
  const renewal = setInterval(() => {
    if (++renewals > renewalsMax) return clearInterval(renewal);
    // One that is missed is made up for by the next; without any of them the claim runs out.
    replace('renew', leaseMs).catch(() => undefined);
  }, leaseMs / 3);
  renewal.unref();
  return {
    type: 'first',
    keep: async (answer) => {
      clearInterval(renewal);
      const sealed = seal(JSON.stringify(answer), { name, sealKey });
      await replace(JSON.stringify({ ...entry, sealed }), keptMs);
    },
    release: async () => {
      clearInterval(renewal);
      await replace('', 0);
    },
  };
}

function laterClaim(
  known: Entry,
  fingerprint: KeyedRequest['fingerprint'],
  place: SealPlace,
): Claim {
  if (known.fingerprint !== fingerprint) return { type: 'another_request' };
  if (known.forgotten === true) return { type: 'forgotten' };
  if (known.sealed === null) return { type: 'under_way' };
  const answer: KeptAnswer = answerSchema.parse(JSON.parse(unseal(known.sealed, place)));
  return { type: 'answered', answer };
}

interface SealPlace {
  /** Authenticated with the answer: one cannot be put in the place of another. */
  readonly name: string;
  readonly sealKey: Buffer;
}

/** Nonce (12 bytes), tag (16), AES-256-GCM; as base64. */
function seal(text: string, { name, sealKey }: SealPlace): string {
  const nonce = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', sealKey, nonce).setAAD(Buffer.from(name));
  const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), body]).toString('base64');
}

function unseal(sealed: string, { name, sealKey }: SealPlace): string {
  const bytes = Buffer.from(sealed, 'base64');
  const decipher = createDecipheriv('aes-256-gcm', sealKey, bytes.subarray(0, 12))
    .setAAD(Buffer.from(name))
    .setAuthTag(bytes.subarray(12, 28));
  return Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()]).toString('utf8');
}
