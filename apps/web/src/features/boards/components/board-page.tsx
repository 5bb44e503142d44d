'use client';

import { LayoutDashboard, Trash2 } from 'lucide-react';
import { useRef, useState, type ReactNode } from 'react';
import type { Board, BoardCard } from '@arbor/schema/boards';
import { useProject } from '#api/project-context.tsx';
import { maySave } from '#api/roles.ts';
import { Button } from '#components/button.tsx';
import { Skeleton } from '#components/skeleton.tsx';
import { StateMessage } from '#components/state-message.tsx';
import { useToast } from '#components/toast.tsx';
import { FailureState } from '#report/report-states.tsx';
import { newCardId, newReportCard } from '#report/report-types.ts';
import { useUrlState } from '#report/url-state.ts';
import { useBoard } from '../api.ts';
import { boardStateSchema, initialBoardState } from '../board-state.ts';
import {
  moveCard,
  placeOf,
  removeCard,
  resizeCard,
  textCard,
  writeText,
  type Cards,
} from '../layout.ts';
import { useBoardEditor } from '../use-board-editor.ts';
import { AddReportDialog } from './add-report-dialog.tsx';
import type { CardActions } from './board-card.tsx';
import { BoardHeader } from './board-header.tsx';
import { ReportCard, type RenderReport } from './report-card.tsx';
import { TextCard } from './text-card.tsx';

export type BoardPageProps = { readonly id: number; readonly render: RenderReport };

/** One board: live reports and texts in a grid (UX-B1). */
export function BoardPage({ id, render }: BoardPageProps): ReactNode {
  const { data: board, failure, reload } = useBoard(id);
  if (failure !== null) return <FailureState failure={failure} onRetry={reload} />;
  if (board === undefined) return <Skeleton className="m-5 h-80" />;
  return <LoadedBoard loaded={board} render={render} />;
}

type LoadedBoardProps = {
  readonly loaded: Board;
  readonly render: RenderReport;
};

function LoadedBoard({ loaded, render }: LoadedBoardProps): ReactNode {
  const editor = useBoardEditor(loaded);
  const [editing, setEditing] = useState(false);
  const [adding, setAdding] = useState(false);
  const [{ range }, setState] = useUrlState(boardStateSchema, initialBoardState);
  const page = useRef<HTMLDivElement>(null);
  const { board } = editor;
  const { cards } = board;
  const setCards = (next: Cards): void => {
    if (next !== cards) editor.change({ cards: [...next] });
  };
  const { dragged, said, actionsOf } = useCardActions(cards, setCards);
  return (
    <div ref={page} className="h-full overflow-y-auto bg-canvas">
      <BoardHeader
        editor={editor}
        editing={editing}
        onEdit={setEditing}
        range={range}
        onRange={(next) => setState({ range: next })}
        onAddReport={() => setAdding(true)}
        onAddText={() => setCards([...cards, textCard(newCardId())])}
        onFullScreen={() => void page.current?.requestFullscreen()}
      />
      <p className="sr-only" aria-live="polite">
        {said}
      </p>
      {editor.failure === null ? null : (
        <Unsaved text={editor.failure.text} onReload={editor.reload} />
      )}
      {board.archived ? (
        <Binned onRestore={() => editor.change({ archived: false })} />
      ) : cards.length === 0 ? (
        <Empty
          editing={editing}
          onAdd={() => {
            setEditing(true);
            setAdding(true);
          }}
        />
      ) : (
        <div
          data-testid="board-grid"
          className="grid grid-cols-1 gap-4 p-3 md:auto-rows-[64px] md:grid-cols-12 md:p-5"
        >
          {cards.map((card) => {
            const shared = {
              actions: editing ? actionsOf(card) : null,
              dragged: dragged === card.id,
            };
            return card.type === 'report' ? (
              <ReportCard key={card.id} card={card} range={range} render={render} {...shared} />
            ) : (
              <TextCard
                key={card.id}
                card={card}
                {...shared}
                onWrite={(text) => setCards(writeText(cards, card.id, text))}
              />
            );
          })}
        </div>
      )}
      {adding ? (
        <AddReportDialog
          onAdd={(report) => setCards([...cards, newReportCard(newCardId(), report)])}
          onClose={() => setAdding(false)}
        />
      ) : null}
    </div>
  );
}

/** Moves, sizes and takes away cards, and says in words where they are then. */
function useCardActions(
  cards: Cards,
  setCards: (next: Cards) => void,
): {
  readonly dragged: string | null;
  readonly said: string;
  readonly actionsOf: (card: BoardCard) => CardActions;
} {
  const toast = useToast();
  const [dragged, setDragged] = useState<string | null>(null);
  const [said, setSaid] = useState('');
  const moveTo = (id: string, to: number): void => {
    const next = moveCard(cards, id, to);
    setCards(next);
    setSaid(`Place ${placeOf(next, id) + 1} of ${next.length}`);
  };
  const actionsOf = ({ id }: BoardCard): CardActions => ({
    onMove: (by) => moveTo(id, placeOf(cards, id) + by),
    onResize: (by) => {
      const next = resizeCard(cards, id, by);
      setCards(next);
      const card = next[placeOf(next, id)];
      setSaid(`${card?.columns} columns, ${card?.rows} rows`);
    },
    onRemove: () => {
      setCards(removeCard(cards, id));
      toast('Card removed', { label: 'Undo', run: () => setCards(cards) });
    },
    onDragStart: () => setDragged(id),
    onDragOver: () => {
      if (dragged !== null && dragged !== id) moveTo(dragged, placeOf(cards, id));
    },
    onDragEnd: () => setDragged(null),
  });
  return { dragged, said, actionsOf };
}

/** Nothing is written over: what was changed here since is gone with the reload. */
function Unsaved({
  text,
  onReload,
}: {
  readonly text: string;
  readonly onReload: () => void;
}): ReactNode {
  return (
    <div
      role="alert"
      data-testid="board-conflict"
      className="mx-3 mt-3 flex flex-wrap items-center gap-3 rounded-md bg-warning-soft px-3 py-2 text-warning md:mx-5"
    >
      <span className="min-w-0 flex-1">Your last change was not saved: {text}.</span>
      <Button size="sm" onClick={onReload}>
        Load the board again
      </Button>
    </div>
  );
}

function Binned({ onRestore }: { readonly onRestore: () => void }): ReactNode {
  const { role } = useProject();
  return (
    <StateMessage
      icon={<Trash2 size={20} />}
      title="This board is in the bin"
      actions={maySave(role) ? <Button onClick={onRestore}>Take it out</Button> : null}
    />
  );
}

function Empty({
  editing,
  onAdd,
}: {
  readonly editing: boolean;
  readonly onAdd: () => void;
}): ReactNode {
  const { role } = useProject();
  return (
    <StateMessage
      testId="board-empty"
      icon={<LayoutDashboard size={20} />}
      title="Nothing on this board yet"
      actions={
        maySave(role) && !editing ? (
          <Button variant="primary" onClick={onAdd}>
            Add a saved report
          </Button>
        ) : null
      }
    >
      Saved reports and texts stand here side by side.
    </StateMessage>
  );
}
