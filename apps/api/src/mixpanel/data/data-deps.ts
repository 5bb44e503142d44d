import type { Definitions } from '../../definitions/ports.ts';
import type { ExportService, QueryService } from '../../dqs/ports.ts';
import type { UsersService } from '../../users/ports.ts';

/** What endpoints about single users and events are answered from. */
export interface DataDeps {
  readonly queries: QueryService;
  readonly exports: ExportService;
  readonly definitions: Pick<Definitions, 'get' | 'list'>;
  readonly users: Pick<UsersService, 'canonical' | 'profiles'>;
  readonly clock: () => number;
}
