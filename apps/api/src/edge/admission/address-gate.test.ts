import { expect, test } from 'vitest';
import { EdgeFailure } from '../edge-failure.ts';
import { AddressGate } from './address-gate.ts';

function createGate() {
  let now = 1_000_000;
  const bounds = { addressRecordsPerMinuteMax: 600, addressBytesPerMinuteMax: 60_000 };
  const gate = new AddressGate({ clock: () => now, bounds });
  return {
    pass: (ms: number) => (now += ms),
    /** Seconds until it may come back; 0 = it was let in. */
    send: (address: string, records: number, bytes = 0): number => {
      try {
        gate.admit(address, { records, bytes });
        return 0;
      } catch (error) {
        if (error instanceof EdgeFailure && error.code === 'OVERLOADED')
          return error.retryAfterSeconds ?? 0;
        throw error;
      }
    },
  };
}

test('lets an address send a minute’s worth at once, then as it fills up again', () => {
  const { send, pass } = createGate();
  expect(send('192.0.2.1', 600)).toBe(0);
  expect(send('192.0.2.1', 10)).toBe(1);
  pass(1000);
  expect(send('192.0.2.1', 10)).toBe(0);
  expect(send('192.0.2.1', 20)).toBe(2);
});

test('counts bytes beside records', () => {
  const { send } = createGate();
  expect(send('192.0.2.1', 1, 60_000)).toBe(0);
  expect(send('192.0.2.1', 1, 3000)).toBe(3);
});

test('does not count what it turned away', () => {
  const { send, pass } = createGate();
  expect(send('192.0.2.1', 600)).toBe(0);
  for (let i = 0; i < 100; i++) expect(send('192.0.2.1', 100)).toBe(10);
  pass(10_000);
  expect(send('192.0.2.1', 100)).toBe(0);
});

test('holds nobody else up', () => {
  const { send } = createGate();
  expect(send('192.0.2.1', 600)).toBe(0);
  expect(send('192.0.2.2', 600)).toBe(0);
});

test('takes all addresses of one connection of the sixth version for one', () => {
  const { send } = createGate();
  expect(send('2001:db8:0:1::1', 600)).toBe(0);
  expect(send('2001:db8::1:2:3:4:5', 6)).toBeGreaterThan(0);
  expect(send('2001:db8:0:2::1', 600)).toBe(0);
  expect(send('::1', 600)).toBe(0);
});

test('lets a request larger than all of it pass when nothing was sent for a minute', () => {
  const { send, pass } = createGate();
  expect(send('192.0.2.1', 2000)).toBe(0);
  expect(send('192.0.2.1', 1)).toBeGreaterThan(0);
  pass(60_000);
  expect(send('192.0.2.1', 2000)).toBe(0);
});
