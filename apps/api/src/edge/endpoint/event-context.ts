import type { EdgeServices } from '../edge-services.ts';
import type { EdgeRequest } from '../http/edge-request.ts';
import type { EdgeProject } from '../ports.ts';
import { addressId } from '../record/address.ts';
import type { EventContext } from '../record/event-context.ts';

export interface ContextOptions {
  readonly project: EdgeProject;
  readonly damaged: boolean;
  /** The connection's address may stand in for a missing one (`ip`, 2.2 and 12.1). */
  readonly useAddress: boolean;
  /** The request is a browser's own: its agent is the user's, and its address may become an id. */
  readonly isBrowser: boolean;
}

export function eventContext(
  { address, userAgent }: EdgeRequest,
  { project, damaged, useAddress, isBrowser }: ContextOptions,
  { clock, addressKey }: EdgeServices,
): EventContext {
  return {
    now: clock(),
    settings: project.settings,
    damaged,
    connectionAddress: useAddress ? address : null,
    addressId: () => (useAddress && isBrowser ? addressId(addressKey, project.id, address) : null),
    userAgent: isBrowser && userAgent !== '' ? userAgent : null,
  };
}
