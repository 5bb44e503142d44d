import type { Report } from './core.ts';
import type { Options } from './options.ts';
import type { Repair } from './repair.ts';
import type { Store } from './store.ts';
import type { Surroundings } from './surroundings.ts';

/** What the parts of one client share. */
export interface Context extends Surroundings {
  readonly settings: Options & Required<Pick<Options, 'batchSize' | 'batchMs' | 'maxBytes'>>;
  readonly disk: Store;
  /** The visitor has consented, and not refused since, in another tab for instance. */
  readonly isAllowed: () => boolean;
  /** Undefined when it cannot be had; nothing is lost by waiting for it another time. */
  readonly askRepair: () => Promise<Repair | undefined>;
  /** Hears of everything that happens to a record. */
  readonly report: (type: Report, info: Readonly<Record<string, unknown>>) => void;
}
