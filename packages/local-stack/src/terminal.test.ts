import { expect, it } from 'vitest';
import { progressOf } from './stack-log.ts';
import { Terminal } from './terminal.ts';

function capture(): { terminal: Terminal; printed: string[] } {
  const printed: string[] = [];
  const terminal = new Terminal({ write: (text: string) => printed.push(text) }, {});
  return { terminal, printed };
}

it('prints progress into a pipe as one line every ten percent', () => {
  const { terminal, printed } = capture();
  for (let done = 0; done <= 50; done++) terminal.progress({ label: 'Demo', done, total: 50 });
  expect(printed).toHaveLength(11);
  expect(printed[0]).toBe('Demo: 0 %  0 of 50\n');
  expect(printed[5]).toBe('Demo: 50 %  25 of 50\n');
  expect(printed[10]).toBe('Demo: 100 %  50 of 50\n');
});

it('puts the name of the process before its lines, without colours in a pipe', () => {
  const { terminal, printed } = capture();
  terminal.from('api', 'listening');
  expect(printed).toEqual(['api        | listening\n']);
});

it('takes only a well-formed mark as progress', () => {
  expect(progressOf('@progress {"label":"a","done":1,"total":2}')).toEqual({
    label: 'a',
    done: 1,
    total: 2,
  });
  expect(progressOf('@progress {"label":"a"')).toBeNull();
  expect(progressOf('@progress {"label":"a","done":"1","total":2}')).toBeNull();
  expect(progressOf('progress {"label":"a","done":1,"total":2}')).toBeNull();
});
