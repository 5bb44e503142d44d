import type { Principal } from '../auth/principal.ts';
import type { Services } from '../services.ts';

/** What every procedure gets; made once a request. */
export interface Context {
  readonly principal: Principal;
  readonly services: Services;
  /** For limits on what needs no account. */
  readonly clientAddress: string;
  /** Counts this request for so many more against the limits of its caller. */
  readonly charge: (requests: number) => void;
}
