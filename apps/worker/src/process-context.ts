import type { Logger } from '@arbor/runtime/logger';
import type { Config } from './config.ts';

/** What `main.ts` gives to a role. */
export interface ProcessContext<Role extends Config['role']> {
  readonly config: Extract<Config, { role: Role }>;
  readonly logger: Logger;
  /** Registers a step of the shutdown; steps run in reverse order. */
  readonly onShutdown: (name: string, run: () => unknown) => void;
}
