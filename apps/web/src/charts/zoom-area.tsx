'use client';

import { useRef, useState, type PointerEvent as ReactPointerEvent, type ReactNode } from 'react';
import { bucketAt, type PlotPlace } from './plot-place.ts';

export type ZoomAreaProps = {
  readonly bucketCount: number;
  /** Where buckets lie: each in a band of its own, or the first and last at the edges. */
  readonly place: PlotPlace;
  /** The first and the last bucket of what was dragged over. */
  readonly onZoom: (from: number, to: number) => void;
  readonly children: ReactNode;
};

/** Less is a click whose hand was not still. */
const dragMinPx = 8;

type Drag = { readonly startPx: number; readonly endPx: number };

/** Dragging over a chart selects a range, Escape while dragging cancels (UX-D7). Fingers scroll instead. */
export function ZoomArea({ bucketCount, place, onZoom, children }: ZoomAreaProps): ReactNode {
  const [drag, setDrag] = useState<Drag | null>(null);
  // The press ends in a click, which would open what is behind a value.
  const swallowsClick = useRef(false);
  const begin = (event: ReactPointerEvent<HTMLDivElement>): void => {
    swallowsClick.current = false;
    if (event.button !== 0 || event.pointerType === 'touch') return;
    const { left, width } = event.currentTarget.getBoundingClientRect();
    const startPx = event.clientX - left;
    const over = new AbortController();
    const { signal } = over;
    let current: Drag | null = null;
    const show = (next: Drag | null): void => {
      current = next;
      setDrag(next);
    };
    const move = ({ clientX }: PointerEvent): void => {
      const endPx = clientX - left;
      if (current !== null || Math.abs(endPx - startPx) >= dragMinPx) show({ startPx, endPx });
    };
    const end = (): void => {
      over.abort();
      if (current === null) return;
      swallowsClick.current = true;
      const at = (px: number): number => bucketAt(px, { width, bucketCount, ...place });
      const [from, to] = [at(current.startPx), at(current.endPx)].toSorted((a, b) => a - b);
      show(null);
      if (from !== undefined && to !== undefined) onZoom(from, to);
    };
    window.addEventListener('pointermove', move, { signal });
    window.addEventListener('pointerup', end, { signal });
    window.addEventListener(
      'keydown',
      (key) => {
        if (key.key !== 'Escape') return;
        key.stopPropagation();
        swallowsClick.current = current !== null;
        over.abort();
        show(null);
      },
      { signal, capture: true },
    );
  };
  return (
    <div
      className="relative select-none"
      data-testid="zoom"
      onPointerDown={begin}
      onClickCapture={(event) => {
        if (!swallowsClick.current) return;
        swallowsClick.current = false;
        event.stopPropagation();
      }}
    >
      {children}
      {drag === null ? null : (
        <span
          aria-hidden
          className="pointer-events-none absolute inset-y-0 bg-accent/15"
          style={{
            left: Math.min(drag.startPx, drag.endPx),
            width: Math.abs(drag.endPx - drag.startPx),
          }}
        />
      )}
    </div>
  );
}
