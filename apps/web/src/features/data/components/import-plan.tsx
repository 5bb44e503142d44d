'use client';

import { useState, type ReactNode } from 'react';
import type { ImportMapping } from '@arbor/schema/imports';
import { Button } from '#components/button.tsx';
import { Segmented } from '#components/segmented.tsx';
import { Panel } from '#report/panel.tsx';
import { firstMapping, problemOfMapping, type ChosenFile } from '../import/chosen-file.ts';
import { guessMapping } from '../import/mapping.ts';
import { ImportPreview } from './import-preview.tsx';
import { MappingForm } from './mapping-form.tsx';

export type ImportPlanProps = {
  readonly chosen: ChosenFile;
  readonly onStart: (mapping: ImportMapping) => void;
  readonly onBack: () => void;
};

/** What the columns are, what the first rows become, and the start. */
export function ImportPlan({ chosen, onStart, onBack }: ImportPlanProps): ReactNode {
  const [mapping, setMapping] = useState(() => firstMapping(chosen));
  const problem = problemOfMapping(mapping);
  return (
    <Panel
      title={<span data-testid="import-name">{chosen.file.name}</span>}
      actions={
        <>
          <Button size="sm" onClick={onBack}>
            Another file
          </Button>
          <Button
            size="sm"
            variant="primary"
            disabled={problem !== null}
            data-testid="import-start"
            onClick={() => onStart(mapping)}
          >
            Import
          </Button>
        </>
      }
    >
      <div className="grid gap-4 p-3 md:p-4">
        {chosen.holdsEvents ? (
          <Segmented
            label="What a row is"
            testId="import-rows"
            value={mapping.type}
            options={[
              { value: 'events', label: 'Events as they are' },
              { value: 'columns', label: 'Columns' },
            ]}
            onChange={(type) =>
              setMapping(
                type === 'events' ? { type } : { type, columns: guessMapping(chosen.columns) },
              )
            }
          />
        ) : null}
        {mapping.type === 'events' ? null : (
          <MappingForm
            columns={chosen.columns}
            mapping={mapping.columns}
            onChange={(columns) => setMapping({ type: 'columns', columns })}
          />
        )}
        {problem === null ? (
          <ImportPreview rows={chosen.rows} mapping={mapping} />
        ) : (
          <p className="text-warning" data-testid="mapping-problem">
            {problem}.
          </p>
        )}
      </div>
    </Panel>
  );
}
