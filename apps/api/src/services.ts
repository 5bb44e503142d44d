import type { Annotations } from './annotations/ports.ts';
import type { Boards } from './boards/ports.ts';
import type { AuditLog } from './audit/ports.ts';
import type { RateLimiter } from './auth/rate-limiter.ts';
import type { Setup } from './auth/setup-request.ts';
import type { Definitions, LexiconSchemas } from './definitions/ports.ts';
import type { ExportService, NamesService, QueryService } from './dqs/ports.ts';
import type { IngestHealth } from './health/ports.ts';
import type { IdentityService } from './identity/ports.ts';
import type { Imports } from './imports/ports.ts';
import type { Live } from './live/ports.ts';
import type { Members } from './members/ports.ts';
import type { OpenRequests } from './open-requests.ts';
import type { PrivacyService } from './privacy/ports.ts';
import type { ProjectStore } from './projects/ports.ts';
import type { SavedReports } from './reports/ports.ts';
import type { ServiceAccounts } from './service-accounts/ports.ts';
import type { UsersService } from './users/ports.ts';

/**
 * What tRPC and REST both stand on. Only ports: the dashboard imports the router's type, and must not
 * have to compile the engine, the database client or the accounts library with it.
 */
export interface Services {
  readonly projects: ProjectStore;
  readonly queries: QueryService;
  readonly names: NamesService;
  readonly exports: ExportService;
  readonly annotations: Annotations;
  readonly savedReports: SavedReports;
  readonly boards: Boards;
  readonly schemas: LexiconSchemas;
  readonly ingestHealth: IngestHealth;
  readonly imports: Imports;
  readonly live: Live;
  readonly definitions: Definitions;
  readonly users: UsersService;
  readonly identity: IdentityService;
  readonly privacy: PrivacyService;
  readonly audit: Pick<AuditLog, 'list' | 'listOfOrganization'>;
  readonly serviceAccounts: ServiceAccounts;
  readonly members: Members;
  readonly setup: Setup;
  readonly rateLimiter: RateLimiter;
  /** Whether guests may read the demo project. */
  readonly demo: boolean;
  /** Everything that computes or streams runs as one of these, so that a shutdown can end it. */
  readonly requests: OpenRequests;
}
