import { z } from 'zod';

/**
 * The one place of the dashboard that reads the environment; on the server only. It is read at each
 * call, not at build time: one build runs against any API.
 */
const schema = z.object({
  ARBOR_API_URL: z.url().default('http://127.0.0.1:4000'),
  NODE_ENV: z.string().default('production'),
});

export type WebConfig = { readonly apiUrl: string; readonly development: boolean };

export function webConfig(
  env: Readonly<Record<string, string | undefined>> = process.env,
): WebConfig {
  const parsed = schema.safeParse(env);
  if (!parsed.success) {
    throw new Error(
      `ARBOR_API_URL is "${env['ARBOR_API_URL']}": set it to the address of the API, for example http://127.0.0.1:4000`,
    );
  }
  return {
    apiUrl: parsed.data.ARBOR_API_URL.replace(/\/+$/, ''),
    development: parsed.data.NODE_ENV === 'development',
  };
}

const loopback = new Set(['localhost', '127.0.0.1', '::1', '[::1]']);

/**
 * The API's address as a person who opened the dashboard under `host` reaches it. A loopback address
 * in the configuration means "this machine", so for them it is the machine they typed.
 */
export function publicApiUrl(apiUrl: string, host: string | null): string {
  const url = new URL(apiUrl);
  if (host !== null && loopback.has(url.hostname)) {
    url.hostname = URL.parse(`http://${host}`)?.hostname ?? url.hostname;
  }
  return url.origin;
}
