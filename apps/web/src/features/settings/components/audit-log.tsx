'use client';

import { History } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import { useProject } from '#api/project-context.tsx';
import { DataTable, type Column } from '#components/data-table.tsx';
import type { Sort } from '#components/table-model.ts';
import { clockText, dayText } from '#format/instant.ts';
import { ListPage } from '#report/list-page.tsx';
import { Panel } from '#report/panel.tsx';
import { useAuditLog } from '../api.ts';
import { actionText } from '../model.ts';
import type { AuditLine } from '../rest-schemas.ts';

/** Who changed what, newest first; nothing can be taken out of it. */
export function AuditLog(): ReactNode {
  const log = useAuditLog();
  const { timezone } = useProject();
  const [sort, setSort] = useState<Sort | null>(null);
  return (
    <Panel title="Everything that was changed in this project, and by whom. It is only ever added to.">
      <ListPage list={log} noun="changes" icon={<History size={20} />}>
        {(lines) => (
          <DataTable
            label="Audit log"
            testId="audit-log"
            columns={columnsOf(timezone)}
            rows={lines}
            rowKey={({ id }) => id}
            sort={sort}
            onSort={setSort}
            onNearEnd={log.loadMore}
          />
        )}
      </ListPage>
    </Panel>
  );
}

function columnsOf(timezone: string): readonly Column<AuditLine>[] {
  const timeOf = ({ at }: AuditLine): string =>
    `${dayText(at, timezone)}, ${clockText(at, timezone)}`;
  return [
    { id: 'at', header: 'Time', width: 176, value: ({ at }) => at, cell: timeOf },
    {
      id: 'actor',
      header: 'Who',
      width: 200,
      value: ({ actor }) => actor,
      cell: ({ actor }) => <span title={actor}>{actor}</span>,
    },
    {
      id: 'action',
      header: 'What',
      width: 180,
      value: ({ action }) => actionText(action),
      cell: ({ action }) => <span title={action}>{actionText(action)}</span>,
    },
    {
      id: 'target',
      header: 'Of',
      width: 140,
      value: ({ target }) => target ?? '',
      cell: ({ target }) => <span title={target ?? ''}>{target ?? '–'}</span>,
    },
    {
      id: 'details',
      header: 'Details',
      width: 420,
      value: detailsOf,
      cell: (line) => <span title={detailsOf(line)}>{detailsOf(line)}</span>,
    },
  ];
}

function detailsOf({ details }: AuditLine): string {
  return details === null || details === undefined ? '' : JSON.stringify(details);
}
