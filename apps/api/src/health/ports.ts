import type {
  HealthSpan,
  IngestionHealth,
  RefusedFilter,
  RefusedPage,
} from '@arbor/schema/ingestion-health';

/** How ingestion of a project is, and what it refused. Counts are of what came over HTTP, not of files imported past the edge. */
export interface IngestHealth {
  of(project: number, span: HealthSpan): Promise<IngestionHealth>;
  /** Refused records that were kept: some of each reason and minute, for a week. `cursor` = `next` of the page before. */
  refused(
    project: number,
    page: {
      readonly filter: RefusedFilter;
      readonly limit: number;
      readonly cursor?: string | undefined;
    },
  ): Promise<RefusedPage>;
}
