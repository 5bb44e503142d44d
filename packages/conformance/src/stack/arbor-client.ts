import type { QueryInput } from '@arbor/schema/query';
import { queryAnswerSchema, type QueryResult } from '@arbor/schema/result';

/** A service account that may make projects, write and read. */
export interface Account {
  readonly username: string;
  readonly secret: string;
}

export interface Project {
  readonly id: number;
  readonly token: string;
}

export interface NewProject {
  readonly name: string;
  readonly timezone: string;
  /** 1 = Monday … 7 = Sunday. */
  readonly weekStart: number;
}

/** A stack is ready when one zone is; another may still start for so long. */
const zoneMsMax = 60_000;
const askAgainMs = 250;

/** Arbor as a script sees it, over HTTP. Every answer but success is an error that holds what was said. */
export class ArborClient {
  readonly #origin: string;
  readonly #authorization: string;

  constructor(origin: string, { username, secret }: Account) {
    this.#origin = origin;
    this.#authorization = `Basic ${Buffer.from(`${username}:${secret}`).toString('base64')}`;
  }

  async createProject(project: NewProject): Promise<Project> {
    const answer = await this.#post('/api/v1/projects', project);
    return (answer as { project: Project }).project;
  }

  /** In strict mode: a record that is refused is an error. */
  async importEvents({ id }: Project, events: readonly object[]): Promise<void> {
    await this.#post(`/import?strict=1&project_id=${id}`, events);
  }

  async updatePeople(updates: readonly object[]): Promise<void> {
    const answer = await this.#post('/engage?verbose=1', updates);
    if ((answer as { status?: unknown }).status === 1) return;
    throw new Error(`POST /engage: ${JSON.stringify(answer)}`);
  }

  /** `zone` pins the replicas of one zone. */
  async ask({ id }: Project, query: QueryInput, zone?: string): Promise<QueryResult> {
    const pin = zone === undefined ? '' : `&zone=${zone}`;
    const target = `/api/v1/query?project_id=${id}${pin}`;
    const end = Date.now() + (zone === undefined ? 0 : zoneMsMax);
    for (;;) {
      const response = await this.#send(target, query);
      const text = await response.text();
      if (response.ok) return queryAnswerSchema.parse(JSON.parse(text)).result;
      if (response.status !== 503 || Date.now() > end) throw refusal(target, response, text);
      await new Promise((resolve) => setTimeout(resolve, askAgainMs));
    }
  }

  async #post(target: string, body: unknown): Promise<unknown> {
    const response = await this.#send(target, body);
    const text = await response.text();
    if (!response.ok) throw refusal(target, response, text);
    return JSON.parse(text);
  }

  #send(target: string, body: unknown): Promise<Response> {
    return fetch(new URL(target, this.#origin), {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: this.#authorization },
      body: JSON.stringify(body),
    });
  }
}

function refusal(target: string, { status }: Response, text: string): Error {
  return new Error(`POST ${target}: ${status} ${text}`);
}
