'use client';

import { useState, type ReactNode } from 'react';
import { ChartFigure } from '#charts/chart-figure.tsx';
import { formatNumber } from '#format/number.ts';
import { eventStateLabel } from '#report/question.ts';
import { pathThrough, type FlowLink, type FlowNode } from '../layout.ts';
import { columnTitle, type FlowView } from '../model.ts';
import { chosenAnchors, type FlowState } from '../state.ts';
import { FlowNodeButton } from './flow-node-button.tsx';

export type FlowDiagramProps = {
  readonly asked: FlowState;
  readonly view: FlowView;
  /** What a bar leads to; absent where it leads nowhere, as on a board. */
  readonly menu?: (node: FlowNode) => ReactNode;
};

/**
 * A column a step: bars as high as their counts, bands between them as thick as the paths that take them. The bar that
 * is pointed at or focused shows the paths through it (UX-FL4).
 */
export function FlowDiagram(props: FlowDiagramProps): ReactNode {
  const { asked, view } = props;
  const { columns, nodes, links, width, height, slotWidth } = view.layout;
  const [pointed, setPointed] = useState<string | null>(null);
  const lit = pointed === null ? null : pathThrough(links, pointed);
  const anchors = chosenAnchors(asked);
  const summary = nodes
    .slice(0, 8)
    .map(({ name, count }) => `${name} ${formatNumber(count)}`)
    .join(', ');
  return (
    <ChartFigure summary={`Flow of ${formatNumber(view.entries)}: ${summary}`}>
      <section
        className="overflow-x-auto px-4 pt-2 pb-4"
        // A region that scrolls must be reachable by keyboard.
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
        tabIndex={0}
        aria-label="Steps of the flow"
      >
        <div style={{ width }}>
          <div className="relative h-8" aria-hidden>
            {columns.map(({ anchor, step, x }) => (
              <span
                key={`${anchor} ${step}`}
                style={{ left: x, width: slotWidth }}
                className="absolute top-1 text-xs font-medium text-ink-2 truncate-line"
              >
                {columnTitle(step, eventStateLabel(anchors[anchor] ?? { filters: [] }))}
              </span>
            ))}
          </div>
          <div className="relative" style={{ height }} data-testid="flow-diagram">
            <svg
              width={width}
              height={height}
              className="pointer-events-none absolute inset-0"
              aria-hidden
            >
              {links.map((link) => (
                <Band
                  key={`${link.from} ${link.to}`}
                  link={link}
                  dimmed={lit !== null && !(lit.has(link.from) && lit.has(link.to))}
                />
              ))}
            </svg>
            {nodes.map((node) => (
              <FlowNodeButton
                key={node.key}
                node={node}
                asked={asked}
                slotWidth={slotWidth}
                dimmed={lit !== null && !lit.has(node.key)}
                onPoint={(on) => setPointed(on ? node.key : null)}
              >
                {props.menu?.(node)}
              </FlowNodeButton>
            ))}
          </div>
        </div>
      </section>
    </ChartFigure>
  );
}

function Band({ link, dimmed }: { readonly link: FlowLink; readonly dimmed: boolean }): ReactNode {
  const { x1, y1, x2, y2 } = link;
  const middle = (x1 + x2) / 2;
  return (
    <path
      d={`M${x1},${y1} C${middle},${y1} ${middle},${y2} ${x2},${y2}`}
      fill="none"
      stroke={link.colour}
      strokeWidth={link.thickness}
      opacity={dimmed ? 0.05 : link.dropped ? 0.12 : 0.26}
    />
  );
}
