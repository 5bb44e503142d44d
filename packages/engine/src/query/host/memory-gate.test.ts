import { expect, it } from 'vitest';
import { MemoryGate } from './memory-gate.ts';

const never = new AbortController().signal;

it('lets in what fits, and the next when one leaves, in order', async () => {
  const gate = new MemoryGate(400);
  const entered: string[] = [];
  const enter = async (name: string, bytes: number): Promise<() => void> => {
    const leave = await gate.enter(bytes, never);
    entered.push(name);
    return leave;
  };
  const leaveFirst = await enter('first', 200);
  const second = enter('second', 150);
  const third = enter('third', 110);
  // Small ones have their own queue.
  await enter('small', 100);
  expect(entered).toEqual(['first', 'small']);
  leaveFirst();
  await Promise.all([second, third]);
  expect(entered).toEqual(['first', 'small', 'second', 'third']);
});

it('lets in alone what can never fit', async () => {
  const gate = new MemoryGate(400);
  const leave = await gate.enter(1000, never);
  const next = gate.enter(300, never);
  let isIn = false;
  void next.then(() => (isIn = true));
  await Promise.resolve();
  expect(isIn).toBe(false);
  leave();
  await next;
  expect(isIn).toBe(true);
});

it('forgets who left while waiting', async () => {
  const gate = new MemoryGate(400);
  const leave = await gate.enter(300, never);
  const leaving = new AbortController();
  const left = gate.enter(300, leaving.signal);
  const stayed = gate.enter(200, never);
  leaving.abort(new Error('left'));
  await expect(left).rejects.toThrow('left');
  leave();
  await stayed;
  await expect(gate.enter(1, leaving.signal)).rejects.toThrow('left');
});
