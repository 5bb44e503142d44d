'use client';

import { FileUp } from 'lucide-react';
import { useId, useState, type DragEvent, type ReactNode } from 'react';
import { useProject } from '#api/project-context.tsx';
import { mayManageData } from '#api/roles.ts';
import { classNames } from '#components/class-names.ts';
import { Notice } from '#components/notice.tsx';
import { Panel } from '#report/panel.tsx';
import { chooseFile, type ChosenFile } from '../import/chosen-file.ts';
import { useImportRun } from '../import/use-import-run.ts';
import { ImportPlan } from './import-plan.tsx';
import { ImportProgressPanel } from './import-progress.tsx';
import { ImportsTable } from './imports-table.tsx';

/** Files of events, brought in by the page that is open (UX 21, Imports). */
export function Imports(): ReactNode {
  const { role } = useProject();
  const runner = useImportRun();
  const [chosen, setChosen] = useState<ChosenFile | null>(null);
  return (
    <div className="grid gap-4 p-4 md:p-5">
      {!mayManageData(role) ? (
        <Notice>Files are brought in by an owner or admin of the project.</Notice>
      ) : runner.run !== null ? (
        <ImportProgressPanel
          run={runner.run}
          runner={runner}
          onClear={() => {
            setChosen(null);
            runner.clear();
          }}
        />
      ) : chosen !== null ? (
        <ImportPlan
          key={`${chosen.file.name} ${chosen.file.size}`}
          chosen={chosen}
          onStart={(mapping) => runner.start(chosen.file, mapping)}
          onBack={() => setChosen(null)}
        />
      ) : (
        <FileChooser onChosen={setChosen} />
      )}
      <ImportsTable />
    </div>
  );
}

function FileChooser({ onChosen }: { readonly onChosen: (file: ChosenFile) => void }): ReactNode {
  const id = useId();
  const [over, setOver] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const take = async (file: File | undefined): Promise<void> => {
    if (file === undefined) return;
    setProblem(null);
    try {
      onChosen(await chooseFile(file));
    } catch (error) {
      setProblem(error instanceof Error ? error.message : String(error));
    }
  };
  const onDrop = (event: DragEvent): void => {
    event.preventDefault();
    setOver(false);
    void take(event.dataTransfer.files[0]);
  };
  return (
    <Panel title="Bring in a file of events">
      {/* Dropping is beside the button, which does the same. */}
      {/* oxlint-disable-next-line jsx-a11y/no-static-element-interactions */}
      <div
        onDragOver={(event) => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={onDrop}
        className={classNames(
          'm-3 grid justify-items-center gap-2 rounded-lg border border-dashed px-4 py-8 text-center',
          over ? 'border-accent bg-accent-soft' : 'border-line-strong',
        )}
      >
        <FileUp size={22} className="text-ink-3" aria-hidden />
        <p>CSV, JSON or a line of JSON an event, packed with gzip or not, or Parquet.</p>
        <p className="max-w-xl text-xs text-ink-3">
          Exports of Mixpanel are read as they are. Nothing is stored before you have seen what its
          rows become. The same file again adds nothing.
        </p>
        <input
          id={id}
          type="file"
          data-testid="import-file"
          accept=".csv,.json,.jsonl,.ndjson,.txt,.gz,.parquet"
          className="peer sr-only"
          onChange={(event) => {
            void take(event.target.files?.[0]);
            event.target.value = '';
          }}
        />
        <label
          htmlFor={id}
          className="inline-flex h-9 cursor-pointer items-center rounded-md bg-accent px-3 font-medium text-on-accent shadow-card peer-focus-visible:outline-2 peer-focus-visible:outline-offset-2 peer-focus-visible:outline-(--focus) hover:bg-accent-strong"
        >
          Choose a file
        </label>
        {problem === null ? null : (
          <p role="alert" className="text-danger" data-testid="import-problem">
            {problem}
          </p>
        )}
      </div>
    </Panel>
  );
}
