import { addressOverloaded } from '../edge-failure.ts';
import type { EdgeOptions } from '../ports.ts';

export type AddressBounds = Pick<
  EdgeOptions,
  'addressRecordsPerMinuteMax' | 'addressBytesPerMinuteMax'
>;

/** What an address may still send, and as of when. */
interface Allowance {
  records: number;
  bytes: number;
  at: number;
}

const minuteMs = 60_000;
/** About 20 MB. Past it whoever was seen first is forgotten: that is, allowed anew. */
const addressesMax = 100_000;

/**
 * How much of what browsers send may come from one address (`browser-sdk.md` SRV-12). It is asked before the quota of the
 * project, so that a page that sends without end is told to wait, and not everybody who visits the site.
 *
 * An allowance of a minute's worth that fills up again steadily; a request larger than all of it passes when it is full.
 */
export class AddressGate {
  readonly #clock: () => number;
  readonly #bounds: AddressBounds;
  readonly #allowances = new Map<string, Allowance>();
  #forgotAt = 0;

  constructor(options: { readonly clock: () => number; readonly bounds: AddressBounds }) {
    this.#clock = options.clock;
    this.#bounds = options.bounds;
  }

  /** Throws `EdgeFailure` when the address must come back later; what is turned away is not counted. */
  admit(address: string, asked: { readonly records: number; readonly bytes: number }): void {
    const now = this.#clock();
    const { addressRecordsPerMinuteMax: recordsMax, addressBytesPerMinuteMax: bytesMax } =
      this.#bounds;
    const allowance = this.#allowanceOf(networkOf(address), now);
    const share = Math.max(0, now - allowance.at) / minuteMs;
    const records = Math.min(recordsMax, allowance.records + share * recordsMax);
    const bytes = Math.min(bytesMax, allowance.bytes + share * bytesMax);
    const missing = Math.max(
      (Math.min(asked.records, recordsMax) - records) / recordsMax,
      (Math.min(asked.bytes, bytesMax) - bytes) / bytesMax,
    );
    if (missing > 0) throw addressOverloaded((missing * minuteMs) / 1000);
    allowance.records = Math.max(0, records - asked.records);
    allowance.bytes = Math.max(0, bytes - asked.bytes);
    allowance.at = now;
  }

  #allowanceOf(network: string, now: number): Allowance {
    if (now - this.#forgotAt > minuteMs) this.#forgetIdle(now);
    let allowance = this.#allowances.get(network);
    if (allowance !== undefined) return allowance;
    if (this.#allowances.size >= addressesMax) {
      for (const [first] of this.#allowances) {
        this.#allowances.delete(first);
        break;
      }
    }
    const { addressRecordsPerMinuteMax: records, addressBytesPerMinuteMax: bytes } = this.#bounds;
    allowance = { records, bytes, at: now };
    this.#allowances.set(network, allowance);
    return allowance;
  }

  /** Who sent nothing for a minute has all of his allowance again, as one who never came. */
  #forgetIdle(now: number): void {
    this.#forgotAt = now;
    for (const [network, { at }] of this.#allowances) {
      if (now - at >= minuteMs) this.#allowances.delete(network);
    }
  }
}

/** A connection of the sixth version has a whole network of 64 bits for itself. */
function networkOf(address: string): string {
  if (!address.includes(':')) return address;
  const [head = '', tail] = address.split('::');
  const front = head === '' ? [] : head.split(':');
  const back = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - front.length - back.length);
  const groups = [...front, ...Array.from({ length: zeros }, () => '0'), ...back];
  return `${groups.slice(0, 4).join(':')}::/64`;
}
