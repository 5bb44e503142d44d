import type { Client, Properties } from './client.ts';
import { guard } from './guard.ts';

const checkpoints = [25, 50, 75, 100];
/** Scrolling tells often; where it has come to is read that often at most. */
const readMs = 200;

/** How far a view is scrolled, each checkpoint once, and how long it was seen; a page view begins anew. */
export function watchDepth(
  client: Client,
  {
    onCheckpoint,
    onLeave,
  }: {
    readonly onCheckpoint: (percent: number) => void;
    readonly onLeave: (properties: Properties) => void;
  },
): () => void {
  let greatest = 0;
  let seenMs = 0;
  let seenSince = performance.now();
  /** Of the view, as its record tells it: without secrets. */
  let url: string | undefined;
  let hasLeft = false;
  let timer: number | undefined;

  const read = guard(() => {
    timer = undefined;
    const { scrollHeight } = document.documentElement;
    const percent = Math.min(100, Math.round(((scrollY + innerHeight) / scrollHeight) * 100));
    checkpoints
      .filter((point) => greatest < point && percent >= point)
      .forEach((point) => onCheckpoint(point));
    greatest = Math.max(greatest, percent);
  });
  const leave = (): void => {
    if (hasLeft) return;
    hasLeft = true;
    onLeave({
      $duration: Math.round(seenMs + performance.now() - seenSince) / 1000,
      $max_scroll_percentage: greatest,
      ...(url && { $current_url: url }),
    });
  };
  const onScroll = ({ target }: Event): void => {
    // Lists that scroll within the page are not the page.
    if (target === document) timer ??= window.setTimeout(read, readMs);
  };
  const onVisibility = guard(() => {
    if (document.hidden) {
      leave();
      seenMs += performance.now() - seenSince;
    } else seenSince = performance.now();
  });
  const end = client.on('record', (record) => {
    if (record['event'] !== '$mp_web_page_view') return;
    const { $current_url } = record['properties'] as { readonly $current_url: string };
    if (url && $current_url !== url) leave();
    url = $current_url;
    greatest = seenMs = 0;
    seenSince = performance.now();
    hasLeft = false;
  });
  window.addEventListener('scroll', onScroll, { capture: true, passive: true });
  // At the window, so that it is told before the client says farewell.
  window.addEventListener('visibilitychange', onVisibility, true);
  return () => {
    clearTimeout(timer);
    window.removeEventListener('scroll', onScroll, true);
    window.removeEventListener('visibilitychange', onVisibility, true);
    end();
  };
}
