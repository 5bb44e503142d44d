import { envAbsolutePath, envLogLevel, envPort, readConfig } from '@arbor/runtime/config';
import { z } from 'zod';

/** The one file of this process that reads the environment. It is a customer: it gets no database. */
const schema = z.object({
  ARBOR_NAME: z.string().default('demo'),
  ARBOR_HOST: z.string().default('127.0.0.1'),
  ARBOR_PORT: envPort,
  ARBOR_API_URL: z.url(),
  ARBOR_DATA_DIR: envAbsolutePath,
  ARBOR_LOG: envLogLevel.default('info'),
  ARBOR_LOG_FILE: envAbsolutePath.optional(),
});

export type DemoConfig = z.output<typeof schema>;

export function readDemoConfig(env: Readonly<Record<string, string | undefined>>): DemoConfig {
  return readConfig(schema, env);
}
