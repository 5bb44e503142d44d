import { GrowableUint32 } from '../../base/growable.ts';
import type { Profile } from './profile.ts';

/**
 * States of people in the order in which they came to be: the last of a user holds, and who remembers the
 * length knows what held then. Only added to; a longer history is given up by beginning another log.
 */
export class StateLog {
  readonly users = new GrowableUint32();
  readonly profiles: (Profile | undefined)[] = [];

  get length(): number {
    return this.profiles.length;
  }

  push(user: number, profile: Profile | undefined): void {
    this.users.push(user);
    this.profiles.push(profile);
  }
}
