/** What somebody did, as it is written down. */
export interface AuditRecord {
  /** Null = of no project, such as a new one. */
  readonly projectId: number | null;
  /** Of what was done in an organisation and in none of its projects. */
  readonly organizationId?: number;
  /** Who, in words (`nameOf`). */
  readonly actor: string;
  /** `area.verb`, such as `person.edit`. */
  readonly action: string;
  /** What it was done to: the identifier of a user, the id of a definition. */
  readonly target?: string;
  /** What was, and what is. */
  readonly details?: object;
}

export interface AuditEntryView {
  readonly id: string;
  readonly at: Date;
  readonly actor: string;
  readonly action: string;
  readonly target: string | null;
  readonly details: unknown;
}

export interface AuditPage {
  /** Newest first. */
  readonly entries: readonly AuditEntryView[];
  /** Null = this was the last page. */
  readonly next: string | null;
}

export interface AuditPageRequest {
  readonly limit: number;
  readonly cursor?: string | undefined;
  readonly target?: string | undefined;
}

/** Who changed what, or read what of customers' data: only ever added to. */
export interface AuditLog {
  record(entry: AuditRecord): Promise<void>;
  list(projectId: number, page: AuditPageRequest): Promise<AuditPage>;
  /** What was done in an organisation itself: to its members and service accounts. */
  listOfOrganization(organizationId: number, page: AuditPageRequest): Promise<AuditPage>;
}
