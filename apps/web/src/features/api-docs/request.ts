import type { ApiOperation, ApiParameter } from './model.ts';

/** What somebody filled in, by `in` and name of the parameter; "" = left out. */
export type Filled = Readonly<Record<string, string>>;

export const keyOf = ({ in: place, name }: Pick<ApiParameter, 'in' | 'name'>): string =>
  `${place} ${name}`;

export type ApiRequest = {
  readonly method: string;
  /** Path and query string. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
};

export type RequestInput = {
  readonly filled: Filled;
  readonly body: string;
  /** Media type that is asked for. */
  readonly accept: string;
};

/** What to begin with: the project at hand, and nothing else. */
export function initiallyFilled(operation: ApiOperation, projectId: number): Filled {
  const ofProject = operation.path.startsWith('/api/v1/projects/{id}');
  return Object.fromEntries(
    operation.parameters
      .filter(({ name }) => (ofProject && name === 'id') || name === 'project_id')
      .map((parameter) => [keyOf(parameter), String(projectId)]),
  );
}

/** Names of what must be filled in and is not. */
export function missingIn(operation: ApiOperation, filled: Filled): readonly string[] {
  return operation.parameters
    .filter((each) => each.required && (filled[keyOf(each)] ?? '') === '')
    .map(({ name }) => name);
}

export function requestOf(
  operation: ApiOperation,
  { filled, body, accept }: RequestInput,
): ApiRequest {
  const valueOf = (parameter: ApiParameter): string => filled[keyOf(parameter)] ?? '';
  const given = operation.parameters.filter((parameter) => valueOf(parameter) !== '');
  let path = operation.path;
  const query = new URLSearchParams();
  const headers: Record<string, string> = {};
  for (const parameter of given) {
    const value = valueOf(parameter);
    if (parameter.in === 'path') {
      path = path.replace(`{${parameter.name}}`, encodeURIComponent(value));
    }
    if (parameter.in === 'query') query.set(parameter.name, value);
    if (parameter.in === 'header') headers[parameter.name] = value;
  }
  if (operation.bodyType !== null) headers['Content-Type'] = operation.bodyType;
  if (accept !== '' && accept !== 'application/json') headers['Accept'] = accept;
  return {
    method: operation.method,
    path: query.size === 0 ? path : `${path}?${query.toString()}`,
    headers,
    body: operation.bodyType === null ? null : body,
  };
}
