import path from 'node:path';
import { z } from 'zod';

/** Thrown once for all bad variables, so that the operator mends them in one go. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

type Environment = Readonly<Record<string, string | undefined>>;

/** A value that must not reach a terminal or a log: keys, and addresses that carry a password. */
const secretName = /KEY|SECRET|PASSWORD|TOKEN|BOOTSTRAP|_URL$/;

/**
 * Reads the variables a schema names. This is called from the one file of a process that reads the
 * environment. An empty variable counts as unset, because shells and compose files cannot unset one.
 */
export function readConfig<Schema extends z.ZodObject>(
  schema: Schema,
  env: Environment = process.env,
): z.output<Schema> {
  const given: Record<string, string> = {};
  for (const name of Object.keys(schema.shape)) {
    const value = env[name];
    if (value !== undefined && value !== '') given[name] = value;
  }
  const parsed = schema.safeParse(given);
  if (parsed.success) return parsed.data;
  throw new ConfigError(describe(parsed.error, given));
}

function describe(error: z.ZodError, given: Readonly<Record<string, string>>): string {
  const lines = error.issues.map((issue) => {
    const name = String(issue.path[0]);
    const value = given[name];
    if (value === undefined) return `  ${name} is not set`;
    const shown = secretName.test(name) ? '(hidden)' : JSON.stringify(value);
    return `  ${name}=${shown}: ${issue.message.toLowerCase()}`;
  });
  return `the environment is not usable; set or correct:\n${lines.join('\n')}`;
}

/** A TCP port. 0 is refused: a port nobody can name beforehand is of no use to another process. */
export const envPort = z.coerce
  .number({ error: 'must be a port from 1 to 65535' })
  .refine((port) => Number.isInteger(port) && port >= 1 && port <= 65_535, {
    error: 'must be a port from 1 to 65535',
  });

/** `1` or `0`. */
export const envFlag = z
  .enum(['0', '1'], { error: 'must be 0 or 1' })
  .transform((value) => value === '1');

/** Comma-separated names, at least one, none twice. */
export const envNames = z
  .string()
  .transform((text) => text.split(',').map((name) => name.trim()))
  .refine((names) => names.every((name) => /^[a-z0-9-]+$/.test(name)), {
    error: 'must be names of a-z, 0-9 and "-", separated by commas',
  })
  .refine((names) => new Set(names).size === names.length, { error: 'must not repeat a name' });

/** An absolute path: processes of one stack do not share a working directory. */
export const envAbsolutePath = z
  .string()
  .refine((text) => path.isAbsolute(text), { error: 'must be an absolute path' });

/** Shards of a cluster: a power of two, so that a project's spread always divides it. */
export const envShards = z.coerce
  .number({ error: 'must be a power of two from 1 to 4096' })
  .refine((n) => Number.isInteger(n) && n >= 1 && n <= 4096 && Number.isInteger(Math.log2(n)), {
    error: 'must be a power of two from 1 to 4096',
  });

/** pino's levels. */
export const envLogLevel = z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'], {
  error: 'must be fatal, error, warn, info, debug, trace or silent',
});
