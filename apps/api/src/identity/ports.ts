import type {
  IdentityChangeAnswer,
  IdentityCluster,
  IdentityLog,
  IdentityRefusals,
  IdentitySettings,
  IdentitySplit,
} from '@arbor/schema/identity';
import type { AuthorizedProject } from '../auth/authorize.ts';
import type { Principal } from '../auth/principal.ts';

/** Who asks for a change, and until when he waits for its end. */
export interface ChangeBy {
  readonly by: Principal;
  readonly signal: AbortSignal;
}

/**
 * Who is whom in a project (packages/engine/src/identity/SPEC.md). The map is changed by the ETL alone: a change is sent
 * there like an event, and then waited for. Throws ApiError NOT_FOUND for identifiers and links that are not there, and
 * CONFLICT for a change that the rules refuse.
 */
export interface IdentityService {
  userOf(project: AuthorizedProject, identifier: string): Promise<IdentityCluster>;
  /** Links that name one of the user's identifiers, also refused and undone ones. */
  log(
    project: AuthorizedProject,
    identifier: string,
    cursor: string | undefined,
  ): Promise<IdentityLog>;
  /** What was refused in the last days. */
  refusals(project: AuthorizedProject, days: number): Promise<IdentityRefusals>;
  /** Makes the users of two identifiers one. */
  merge(
    project: AuthorizedProject,
    identifiers: { readonly one: string; readonly other: string },
    change: ChangeBy,
  ): Promise<IdentityChangeAnswer>;
  /** What taking a link back would do now. */
  preview(project: AuthorizedProject, link: string): Promise<IdentitySplit>;
  undo(project: AuthorizedProject, link: string, change: ChangeBy): Promise<IdentityChangeAnswer>;
  settings(project: AuthorizedProject): Promise<IdentitySettings>;
  setSettings(
    project: AuthorizedProject,
    settings: IdentitySettings,
    by: Principal,
  ): Promise<IdentitySettings>;
}
