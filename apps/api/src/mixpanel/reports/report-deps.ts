import type { Definitions } from '../../definitions/ports.ts';
import type { NamesService, QueryService } from '../../dqs/ports.ts';

/** What reports are answered from. */
export interface ReportDeps {
  readonly queries: QueryService;
  readonly names: NamesService;
  readonly definitions: Pick<Definitions, 'lexicon'>;
  readonly clock: () => number;
}
