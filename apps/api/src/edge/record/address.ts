import { createHmac } from 'node:crypto';
import { isIP } from 'node:net';

/**
 * The address a record names itself. `undefined` = the record says nothing, so the connection's may
 * be used; null = do not geolocate: it says so (`0`, `"0"`) or names what is no address.
 */
export function readAddress(value: unknown): string | null | undefined {
  if (value === undefined || value === null || value === '') return undefined;
  if (typeof value !== 'string') return null;
  const address = plainAddress(value.trim());
  return isIP(address) === 0 ? null : address;
}

/** IPv4 addresses of dual-stack sockets come as `::ffff:192.0.2.1`. */
export function plainAddress(address: string): string {
  return address.startsWith('::ffff:') && address.includes('.') ? address.slice(7) : address;
}

/**
 * The id of somebody of whom only the address is known (2.4): the same in one project for ever,
 * another in each project, and of no use to somebody without the key.
 */
export function addressId(key: string, project: number, address: string): string {
  return createHmac('sha256', key).update(`${project}\n${address}`).digest('hex').slice(0, 32);
}
