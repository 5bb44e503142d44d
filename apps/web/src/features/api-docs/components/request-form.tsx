import { Play, Square } from 'lucide-react';
import { useId, type FormEvent, type ReactNode } from 'react';
import { Button } from '#components/button.tsx';
import { Select } from '#components/select.tsx';
import { TextField } from '#components/text-field.tsx';
import type { ApiExample, ApiOperation, ApiParameter } from '../model.ts';
import { keyOf, type Filled } from '../request.ts';

export type RequestFormProps = {
  readonly operation: ApiOperation;
  readonly filled: Filled;
  readonly onFilled: (filled: Filled) => void;
  readonly body: string;
  readonly onBody: (body: string) => void;
  readonly accept: string;
  readonly onAccept: (accept: string) => void;
  /** What must be filled in before it can be sent. */
  readonly missing: readonly string[];
  readonly running: boolean;
  readonly onSend: () => void;
  readonly onCancel: () => void;
};

/** What the list of examples says of a body that is none of them. */
const ownBody = 'Your own';

const acceptNames: Readonly<Record<string, string>> = {
  'application/json': 'Answer as a whole',
  'application/x-ndjson': 'Stream of lines',
  'text/event-stream': 'Stream of events',
};

/** Fields for everything that the request takes. Sent as who is signed in. */
export function RequestForm(props: RequestFormProps): ReactNode {
  const { operation, filled, accept, missing, running } = props;
  // Questions may come by POST, too; what changes something can be sent with a key.
  const changes = operation.parameters.some(({ name }) => name === 'Idempotency-Key');
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (!running && missing.length === 0) props.onSend();
  };
  return (
    <form
      aria-label="Try it"
      onSubmit={submit}
      className="grid gap-4 rounded-lg border border-line bg-surface p-4 shadow-card"
    >
      {operation.parameters.length === 0 ? null : (
        <div className="grid items-start gap-3 sm:grid-cols-2">
          {operation.parameters.map((parameter) => (
            <ParameterField
              key={keyOf(parameter)}
              parameter={parameter}
              value={filled[keyOf(parameter)] ?? ''}
              onChange={(value) => props.onFilled({ ...filled, [keyOf(parameter)]: value })}
            />
          ))}
        </div>
      )}
      {operation.bodyType === null ? null : (
        <BodyField
          type={operation.bodyType}
          examples={operation.examples}
          value={props.body}
          onChange={props.onBody}
        />
      )}
      <div className="flex flex-wrap items-center gap-2">
        {running ? (
          <Button onClick={props.onCancel} data-testid="api-cancel">
            <Square size={14} /> Cancel
          </Button>
        ) : (
          <Button
            type="submit"
            variant="primary"
            disabled={missing.length > 0}
            data-testid="api-send"
          >
            <Play size={14} /> Send
          </Button>
        )}
        {operation.answerTypes.length < 2 ? null : (
          <Select
            label="How it is answered"
            testId="api-accept"
            value={accept}
            options={operation.answerTypes.map((type) => ({
              value: type,
              label: acceptNames[type] ?? type,
            }))}
            onChange={props.onAccept}
          />
        )}
        <span className="text-xs text-ink-3">
          {missing.length > 0
            ? `Fill in ${missing.join(', ')}`
            : changes
              ? 'Sent as you, and really done'
              : 'Sent as you'}
        </span>
      </div>
    </form>
  );
}

function ParameterField({
  parameter: { name, description, required, schema },
  value,
  onChange,
}: {
  readonly parameter: ApiParameter;
  readonly value: string;
  readonly onChange: (value: string) => void;
}): ReactNode {
  return (
    <TextField
      label={required ? name : `${name} (optional)`}
      hint={[description, schema.enum?.join(', ')].filter(Boolean).join(' ') || undefined}
      value={value}
      required={required}
      spellCheck={false}
      autoComplete="off"
      inputMode={schema.type === 'integer' ? 'numeric' : undefined}
      onChange={(event) => onChange(event.target.value)}
    />
  );
}

function BodyField({
  type,
  examples,
  value,
  onChange,
}: {
  readonly type: string;
  readonly examples: readonly ApiExample[];
  readonly value: string;
  readonly onChange: (value: string) => void;
}): ReactNode {
  const id = useId();
  const chosen = examples.find(({ text }) => text === value)?.summary ?? ownBody;
  return (
    <div className="grid gap-1">
      <div className="flex flex-wrap items-center justify-between gap-2">
        <label htmlFor={id} className="font-medium">
          Body <span className="font-mono text-xs font-normal text-ink-3">{type}</span>
        </label>
        {examples.length < 2 ? null : (
          <Select
            label="Example"
            testId="api-example"
            look="quiet"
            value={chosen}
            options={[
              ...(chosen === ownBody ? [{ value: ownBody, label: ownBody }] : []),
              ...examples.map(({ summary }) => ({ value: summary, label: summary })),
            ]}
            onChange={(summary) => {
              const example = examples.find((each) => each.summary === summary);
              if (example !== undefined) onChange(example.text);
            }}
          />
        )}
      </div>
      <textarea
        id={id}
        data-testid="api-body"
        value={value}
        spellCheck={false}
        rows={Math.min(18, Math.max(5, value.split('\n').length))}
        onChange={(event) => onChange(event.target.value)}
        className="w-full min-w-0 rounded-md border border-line-strong/70 bg-surface px-2.5 py-2 font-mono text-xs leading-5 text-ink shadow-card hover:border-line-strong"
      />
    </div>
  );
}
