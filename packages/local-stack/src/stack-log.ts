import { createLogger } from '@arbor/runtime/logger';
import { rotateLog, type DataFolder } from './data-folder.ts';
import type { Progress, Terminal } from './terminal.ts';

/**
 * Everything the stack's processes print, on its way to the terminal and to `logs/stack.log`. Our own
 * processes keep JSON logs of their own; what only they print to standard error (a crash before the
 * logger exists), and all that foreign programs print, is kept here as JSON lines too.
 */
export type StackLog = {
  /** A word of the supervisor itself. */
  say(text: string): void;
  /** A word about one process. */
  about(name: string, text: string): void;
  printed(name: string, line: string, stream: 'stdout' | 'stderr'): void;
};

const progressMark = '@progress ';
/** Some programs show and hide the cursor even into a pipe. */
// oxlint-disable-next-line no-control-regex -- the escape character is what is looked for
const cursorControl = /\u001b\[\?\d+[hl]/g;
/** Programs without a log file of their own. */
const foreign = new Set(['postgres', 'redis', 'web']);
/** Chatty at every start and stop, and never what somebody at the terminal waits for. */
const quiet = new Set(['postgres', 'redis']);

export function createStackLog(folder: DataFolder, terminal: Terminal): StackLog {
  const file = folder.logOf('stack');
  rotateLog(file);
  // The terminal gets its lines from here directly, with colours and beside the progress bar.
  const logger = createLogger({
    name: 'stack',
    level: 'info',
    file,
    terminal: { write: () => {} },
  });
  return {
    say: (text) => {
      logger.info(text);
      terminal.line(text);
    },
    about: (name, text) => {
      logger.info({ process: name }, text);
      terminal.from(name, text);
    },
    printed: (name, raw, stream) => {
      const line = raw.replaceAll(cursorControl, '');
      const progress = progressOf(line);
      if (progress !== null) return terminal.progress(progress);
      if (stream === 'stderr' || foreign.has(name)) logger.info({ process: name }, line);
      if (line !== '' && !quiet.has(name)) terminal.from(name, line);
    },
  };
}

/** `@progress {"label":"Demo world","done":1,"total":9}`: how a process asks for a bar. */
export function progressOf(line: string): Progress | null {
  if (!line.startsWith(progressMark)) return null;
  try {
    const { label, done, total } = JSON.parse(line.slice(progressMark.length)) as Progress;
    const isSound = typeof label === 'string' && Number.isFinite(done) && Number.isFinite(total);
    return isSound ? { label, done, total } : null;
  } catch {
    return null;
  }
}
