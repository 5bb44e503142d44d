import type { Role } from '@arbor/db/roles';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Caller } from './authenticate.ts';
import type { Parameters } from './parameters.ts';

/** A request whose caller may ask it. */
export interface Asked extends Caller {
  readonly parameters: Parameters;
  /** Of the path, such as `annotation` in `/annotations/:annotation`. */
  readonly path: Readonly<Record<string, string>>;
  /** Aborts when the caller goes away. */
  readonly signal: AbortSignal;
  readonly request: FastifyRequest;
  /** For headers, statuses and streams; what `handle` returns is sent unless it is this. */
  readonly reply: FastifyReply;
}

export interface Endpoint {
  /**
   * Below the base path, without trailing slash: `/segmentation`. In the app API one that begins with
   * `/projects/:project` is about that project, whatever `project_id` says.
   */
  readonly path: string;
  /** Default: GET and POST, as every endpoint of the Query API takes both. */
  readonly methods?: readonly ('GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE')[];
  /** Default: consumer, who may read. */
  readonly needed?: Role;
  readonly handle: (asked: Asked) => unknown;
}
