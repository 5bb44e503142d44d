import type { FilterInput, QueryInput } from '@arbor/schema/query';
import type { InsightsResult, QueryAnswer } from '@arbor/schema/result';
import { queryAnswerSchema } from '@arbor/schema/result';

/** One entry of ARBOR_BOOTSTRAP as these tests use it, and how they speak to the project it makes. */
export interface TestProject {
  readonly id: number;
  readonly name: string;
  readonly token: string;
  readonly secret: string;
  readonly timezone: string;
  /** Over how many shards its users lie; absent = one. */
  readonly spread?: number;
}

export function testProject(id: number, name: string, timezone = 'UTC'): TestProject {
  return { id, name, token: `${name}-token`, secret: `${name}-secret`, timezone };
}

export const owner = { email: 'owner@example.com', password: 'a-long-test-password' };

/** An admin of all projects of these tests, as scripts sign in. */
const serviceAccount = { username: 'test-admin', secret: 'a-long-test-secret' };

/** The value of ARBOR_BOOTSTRAP that creates these projects, with one owner for all. */
export function bootstrapOf(projects: readonly TestProject[]): string {
  return JSON.stringify(
    projects.map(({ id, name, token, secret, timezone, spread }) => ({
      org: 'Tests',
      project: name,
      id,
      token,
      secret,
      timezone,
      ...(spread !== undefined && { spread }),
      owner,
      serviceAccount,
    })),
  );
}

const basic = (user: string, password = ''): string =>
  `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;

/** Any request of the REST API as an admin: GET, or POST where there is a body, unless it says otherwise. */
export function requestAsAdmin(
  url: string,
  {
    method,
    body,
    csv,
  }: { readonly method?: string; readonly body?: object; readonly csv?: string } = {},
): Promise<Response> {
  const authorization = basic(serviceAccount.username, serviceAccount.secret);
  return fetch(url, {
    method: method ?? (body === undefined && csv === undefined ? 'GET' : 'POST'),
    headers: {
      authorization,
      ...(body && { 'content-type': 'application/json' }),
      ...(csv && { 'content-type': 'text/csv' }),
    },
    ...(body && { body: JSON.stringify(body) }),
    ...(csv && { body: csv }),
  });
}

/** Imports events, and resolves when they are accepted. */
export async function importEvents(
  apiUrl: string,
  { id, secret }: TestProject,
  events: readonly { readonly event: string; readonly properties: object }[],
): Promise<void> {
  const response = await fetch(`${apiUrl}/import?strict=1&project_id=${id}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: basic(secret) },
    body: JSON.stringify(events),
  });
  if (!response.ok) throw new Error(`POST /import: ${response.status} ${await response.text()}`);
}

/** A process that was killed serves again after its lease ran out and its log is read. */
const zoneMsMax = 60_000;

/**
 * Asks the Query API as a script would, with the project's secret; `zone` pins the replicas of one zone. A stack is ready when
 * one zone is: while the one that is asked is not there, it is asked again, as the answer says.
 */
export async function ask(
  apiUrl: string,
  project: TestProject,
  query: QueryInput,
  options: { zone?: string } = {},
): Promise<QueryAnswer> {
  const url = new URL('/api/v1/query', apiUrl);
  url.searchParams.set('project_id', String(project.id));
  if (options.zone !== undefined) url.searchParams.set('zone', options.zone);
  const end = Date.now() + (options.zone === undefined ? 0 : zoneMsMax);
  for (;;) {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: basic(project.secret) },
      body: JSON.stringify(query),
    });
    const text = await response.text();
    if (response.ok) return queryAnswerSchema.parse(JSON.parse(text));
    if (response.status !== 503 || Date.now() > end) {
      throw new Error(`POST ${url.pathname}: ${response.status} ${text}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
}

/** Total events and distinct users of the project over the range, counted by one zone if given. */
export async function countEvents(
  apiUrl: string,
  project: TestProject,
  options: {
    event?: string;
    from?: string;
    to?: string;
    zone?: string;
    filters?: FilterInput[];
  } = {},
): Promise<{ total: number; users: number }> {
  const { event = null, from = '2000-01-01', to = '2037-12-31', zone, filters = [] } = options;
  const selector = { anyOf: [{ event }] };
  const answer = await ask(
    apiUrl,
    project,
    {
      type: 'insights',
      range: { from, to },
      unit: 'month',
      filters,
      metrics: [
        { selector, measure: { type: 'total' } },
        { selector, measure: { type: 'unique' } },
      ],
    },
    zone === undefined ? {} : { zone },
  );
  const { series } = answer.result as InsightsResult;
  return { total: series[0]?.total ?? 0, users: series[1]?.total ?? 0 };
}
