import type {
  DataRequest,
  DataRequestPage,
  NewDataRequest,
  PrivacyChange,
  PrivacySettings,
} from '@arbor/schema/privacy';
import type { AuthorizedProject } from '../auth/authorize.ts';
import type { Principal } from '../auth/principal.ts';

/**
 * Requests of the people behind the data, and what a project keeps (reports.md 20). Requests are carried out by the role
 * `jobs` of the worker. Everything here is for admins. Throws ApiError NOT_FOUND for a request that is not there.
 */
export interface PrivacyService {
  create(project: AuthorizedProject, request: NewDataRequest, by: Principal): Promise<DataRequest>;
  get(project: AuthorizedProject, id: string): Promise<DataRequest>;
  list(
    project: AuthorizedProject,
    page: { readonly cursor?: string | undefined },
  ): Promise<DataRequestPage>;
  /** Takes back an erasure that has not started, or throws CONFLICT. */
  cancel(project: AuthorizedProject, id: string, by: Principal): Promise<DataRequest>;
  /**
   * What a request for access asks for, as it is now: lines of JSON. Throws NOT_FOUND where the link does not hold (any
   * more). Who has the link is not asked who he is.
   */
  download(link: AccessLink, signal: AbortSignal): Promise<AccessDownload>;
  settings(project: AuthorizedProject): Promise<PrivacySettings>;
  setSettings(
    project: AuthorizedProject,
    change: PrivacyChange,
    by: Principal,
  ): Promise<PrivacySettings>;
}

/** As it stands in the address. */
export interface AccessLink {
  readonly request: string;
  /** Ms UTC. */
  readonly expires: number;
  readonly signature: string;
}

/** One thing that is known of a user. */
export type AccessLine = Readonly<Record<string, unknown>> & { readonly type: string };

export interface AccessDownload {
  readonly id: string;
  readonly lines: AsyncIterable<AccessLine>;
}
