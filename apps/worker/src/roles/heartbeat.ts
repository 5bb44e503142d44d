/** Something that must be said again and again while the process lives, and taken back when it ends. */
export interface Heartbeat {
  /** Waits for a beat that is under way, then takes it back. */
  stop(): Promise<void>;
}

/** Beats at once and then at every interval; beats never overlap, and a failed one is only reported. */
export function startHeartbeat(options: {
  intervalMs: number;
  beat: () => Promise<void>;
  end: () => Promise<void>;
  onError: (error: Error) => void;
}): Heartbeat {
  const { intervalMs, beat, end, onError } = options;
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;
  const attempt = async (run: () => Promise<void>): Promise<void> => {
    try {
      await run();
    } catch (error) {
      onError(error instanceof Error ? error : new Error(String(error)));
    }
  };
  const loop = async (): Promise<void> => {
    await attempt(beat);
    if (stopped) return;
    timer = setTimeout(() => {
      current = loop();
    }, intervalMs);
  };
  let current = loop();
  return {
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await current;
      await attempt(end);
    },
  };
}
