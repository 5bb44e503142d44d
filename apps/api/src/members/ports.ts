import type { Role } from '@arbor/db/roles';
import type { AuthorizedOrganization } from '../auth/authorize-organization.ts';
import type { Principal } from '../auth/principal.ts';
import type { Join, NewInvitation } from './member-input.ts';

/** Somebody of an organisation, as its members see him. */
export interface MemberView {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly role: Role;
  readonly joinedAt: Date;
}

/** A link that was given out and that nobody has used yet. Never holds what makes the link. */
export interface InvitationView {
  readonly id: number;
  readonly role: Role;
  /** Null = whoever has the link may use it. */
  readonly email: string | null;
  /** Who gave it out, in words. */
  readonly createdBy: string;
  readonly createdAt: Date;
  readonly expiresAt: Date;
}

/** What somebody who opens a link is told before he uses it. */
export interface Offer {
  readonly organization: string;
  readonly role: Role;
  readonly email: string | null;
}

/**
 * Who belongs to an organisation. Every change is written down in its audit log. Nobody gives out more than his own
 * role, nor touches somebody who may do more than he: FORBIDDEN. An organisation always keeps an owner: CONFLICT. Who goes or
 * may do less takes those of his open invitations with him that he could give out no longer.
 */
export interface Members {
  /** Members by name, open invitations by their end. */
  list(organization: AuthorizedOrganization): Promise<{
    readonly members: MemberView[];
    readonly invitations: InvitationView[];
  }>;
  change(
    organization: AuthorizedOrganization,
    member: { readonly id: string; readonly role: Role },
    by: Principal,
  ): Promise<MemberView>;
  remove(organization: AuthorizedOrganization, id: string, by: Principal): Promise<void>;
  /** The token is told only here: it makes the link. */
  invite(
    organization: AuthorizedOrganization,
    invitation: NewInvitation,
    by: Principal,
  ): Promise<{ readonly invitation: InvitationView; readonly token: string }>;
  withdraw(organization: AuthorizedOrganization, id: number, by: Principal): Promise<void>;
  /** What a link offers. FORBIDDEN for one that was used, withdrawn, or is over. */
  offered(token: string): Promise<Offer>;
  /** Uses the link once: for who is signed in, else for a new account of the person named. */
  join(request: Join, by: Principal): Promise<{ readonly email: string }>;
}
