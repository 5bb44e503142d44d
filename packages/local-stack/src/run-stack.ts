import { endPreparation } from './prepare.ts';
import { readSettings, type Mode, type Settings } from './settings.ts';
import { Stack } from './stack.ts';
import { Terminal } from './terminal.ts';

/**
 * The whole life of a command that runs a stack: prepare, start, wait for a signal, stop. The process
 * ends with 0 after an ordinary stop and with 1 when the stack could not run.
 */
export async function runStack(
  mode: Mode,
  prepare: (settings: Settings, terminal: Terminal) => Promise<void>,
): Promise<void> {
  const terminal = new Terminal();
  ignoreClosedTerminal();
  let stack: Stack | null = null;
  let isEnding = false;

  const end = async (code: number): Promise<void> => {
    isEnding = true;
    await endPreparation();
    await stack?.stop();
    process.exit(code);
  };
  const fail = (text: string): void => {
    if (isEnding) return;
    terminal.line(`\n${text}`);
    void end(1);
  };
  const onSignal = (signal: NodeJS.Signals): void => {
    if (isEnding) {
      if (signal !== 'SIGINT') return;
      terminal.line('ending everything at once');
      stack?.killAll();
      return;
    }
    terminal.line(stack === null ? '' : '\nstopping Arbor');
    void end(0);
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, onSignal);
  process.on('uncaughtException', (error) => fail(error.stack ?? error.message));
  // Whatever ends this process, nothing it started survives it.
  process.on('exit', () => stack?.killAll());

  try {
    const settings = readSettings();
    await prepare(settings, terminal);
    if (isEnding) return;
    stack = new Stack({ settings, mode, terminal, onFailure: fail });
    await stack.start();
  } catch (error) {
    // A refusal of ours says all there is to say; anything else is a mistake and shows its stack.
    const isOurs = error instanceof Error && error.name !== 'TypeError';
    fail(isOurs ? error.message : String((error as Error).stack ?? error));
  }
}

/** A terminal window that is closed takes standard output away; the stop must go on all the same. */
function ignoreClosedTerminal(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE' && error.code !== 'EIO') throw error;
    });
  }
}
