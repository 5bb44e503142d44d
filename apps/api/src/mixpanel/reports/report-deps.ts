import type { Definitions } from '../../definitions/ports.ts';
import type { NamesService, QueryService } from '../../dqs/ports.ts';
import type { SavedReports } from '../../reports/ports.ts';

/** What reports are answered from. */
export interface ReportDeps {
  readonly queries: QueryService;
  readonly names: NamesService;
  readonly definitions: Pick<Definitions, 'lexicon'>;
  readonly savedReports: Pick<SavedReports, 'list' | 'get'>;
  readonly clock: () => number;
}
