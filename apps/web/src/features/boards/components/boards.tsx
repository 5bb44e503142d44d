'use client';

import { FileChartColumn, LayoutDashboard, Plus } from 'lucide-react';
import Link from 'next/link';
import { useRouter } from 'next/navigation';
import { useState, type FormEvent, type ReactNode } from 'react';
import { useProject } from '#api/project-context.tsx';
import { maySave } from '#api/roles.ts';
import { Button } from '#components/button.tsx';
import { Dialog } from '#components/dialog.tsx';
import { Skeleton } from '#components/skeleton.tsx';
import { StateMessage } from '#components/state-message.tsx';
import { TextField } from '#components/text-field.tsx';
import { dateTimeText } from '#format/instant.ts';
import { formatCount } from '#format/number.ts';
import { FailureState } from '#report/report-states.tsx';
import { useBoards, useCreateBoard, useReports, type Listed } from '../api.ts';
import { typeLabels, viewOfType } from '#report/report-types.ts';

/** Every board and every saved report of the project. */
export function Boards(): ReactNode {
  const [asking, setAsking] = useState(false);
  const { id: projectId, role } = useProject();
  const boards = useBoards();
  const reports = useReports();
  const create = maySave(role) ? (
    <Button variant="primary" onClick={() => setAsking(true)} data-testid="board-new">
      <Plus size={14} /> New board
    </Button>
  ) : null;
  return (
    <div className="h-full overflow-y-auto">
      <div className="mx-auto grid max-w-5xl gap-6 p-4 md:p-6">
        <header className="flex flex-wrap items-center gap-2">
          <h1 className="flex-1 text-lg font-semibold">Boards</h1>
          {create}
        </header>
        <List
          list={boards}
          testId="board-list"
          label="Boards"
          empty={
            <StateMessage
              testId="boards-empty"
              icon={<LayoutDashboard size={20} />}
              title="No board yet"
            >
              A board puts saved reports and notes on one page, for everybody of the project.
            </StateMessage>
          }
          rowOf={(board) => (
            <Row
              key={board.id}
              href={`/p/${projectId}/boards/${board.id}`}
              title={board.title}
              detail={formatCount(board.cardCount, 'card')}
              saved={board}
            />
          )}
        />
        <h2 className="-mb-3 text-base font-semibold">Saved reports</h2>
        <List
          list={reports}
          testId="report-list"
          label="Saved reports"
          empty={
            <StateMessage
              testId="reports-empty"
              icon={<FileChartColumn size={20} />}
              title="No saved report yet"
            >
              Open Insights, Funnels, Retention or Flows and press Save.
            </StateMessage>
          }
          rowOf={(report) => (
            <Row
              key={report.id}
              href={`/p/${projectId}/${viewOfType[report.type]}/${report.id}`}
              title={report.name}
              detail={typeLabels[report.type]}
              saved={report}
            />
          )}
        />
      </div>
      {asking ? <NewBoardDialog onClose={() => setAsking(false)} /> : null}
    </div>
  );
}

function List<T>({
  list,
  testId,
  label,
  empty,
  rowOf,
}: {
  readonly list: Listed<T>;
  readonly testId: string;
  readonly label: string;
  readonly empty: ReactNode;
  readonly rowOf: (entry: T) => ReactNode;
}): ReactNode {
  const { data, failure, reload, more } = list;
  return (
    <section
      aria-label={label}
      className="overflow-hidden rounded-lg border border-line bg-surface shadow-card"
    >
      {failure !== null ? (
        <FailureState failure={failure} onRetry={reload} />
      ) : data === undefined ? (
        <Skeleton className="m-3 h-24" />
      ) : data.length === 0 ? (
        empty
      ) : (
        <ul data-testid={testId}>{data.map(rowOf)}</ul>
      )}
      {more === undefined ? null : (
        <div className="border-t border-line p-2">
          <Button size="sm" variant="ghost" onClick={more}>
            Show more
          </Button>
        </div>
      )}
    </section>
  );
}

function Row({
  href,
  title,
  detail,
  saved,
}: {
  readonly href: string;
  readonly title: string;
  readonly detail: string;
  readonly saved: {
    readonly description: string;
    readonly updatedBy: string;
    readonly updatedAt: string;
  };
}): ReactNode {
  const { timezone } = useProject();
  return (
    <li className="border-b border-line last:border-b-0">
      <Link
        href={href}
        className="grid gap-x-4 gap-y-0.5 px-4 py-2.5 -outline-offset-2 hover:bg-hover md:grid-cols-[1fr_120px_260px] md:items-center"
      >
        <span className="min-w-0">
          <span className="block font-medium truncate-line">{title}</span>
          {saved.description === '' ? null : (
            <span className="block text-xs text-ink-3 truncate-line">{saved.description}</span>
          )}
        </span>
        <span className="text-xs text-ink-2">{detail}</span>
        <span className="text-xs text-ink-3 truncate-line md:text-right">
          {dateTimeText(Date.parse(saved.updatedAt), timezone)} · {saved.updatedBy}
        </span>
      </Link>
    </li>
  );
}

function NewBoardDialog({ onClose }: { readonly onClose: () => void }): ReactNode {
  const { id: projectId } = useProject();
  const router = useRouter();
  const create = useCreateBoard();
  const [title, setTitle] = useState('');
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    create.mutate(title.trim(), {
      onSuccess: ({ id }) => {
        onClose();
        router.push(`/p/${projectId}/boards/${id}`);
      },
    });
  };
  return (
    <Dialog
      open
      title="New board"
      onOpenChange={(open) => {
        if (!open) onClose();
      }}
    >
      <form onSubmit={submit} className="grid gap-4">
        <TextField
          label="Title"
          required
          maxLength={255}
          value={title}
          data-testid="board-title"
          error={create.error?.message}
          onChange={(event) => setTitle(event.target.value)}
        />
        <div className="flex justify-end gap-2">
          <Button variant="ghost" onClick={onClose}>
            Cancel
          </Button>
          <Button
            type="submit"
            variant="primary"
            data-testid="board-create"
            disabled={create.isPending || title.trim() === ''}
          >
            Create board
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
