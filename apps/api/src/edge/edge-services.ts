import type { AddressGate } from './admission/address-gate.ts';
import type { ProjectGate } from './admission/project-gate.ts';
import type { LoopTurns } from './decode/loop-turns.ts';
import type { MicroBatcher } from './micro-batcher.ts';
import type { EdgeOptions, ProjectLookup } from './ports.ts';
import type { CookielessIds } from './record/cookieless.ts';
import type { RejectedRecords } from './rejected-records.ts';

/** What every endpoint works with; made once in `edge.ts`. */
export interface EdgeServices {
  readonly projects: ProjectLookup;
  readonly batcher: MicroBatcher;
  readonly gate: ProjectGate;
  readonly addresses: AddressGate;
  readonly cookieless: CookielessIds;
  readonly turns: LoopTurns;
  readonly rejected: RejectedRecords;
  readonly clock: () => number;
  readonly addressKey: string;
  readonly options: EdgeOptions;
}
