import type { RefusedRecord } from '../rejected-records.ts';
import { type Answer, jsonAnswer } from './answer.ts';
import { failedEvents, someFailed } from './failed-records.ts';
import { type AnswerForm, trackAnswer } from './track-answer.ts';

export interface ImportOutcome {
  readonly imported: number;
  readonly refused: readonly RefusedRecord[];
}

/** The documented answers of `/import` (3.3, 3.4). */
export function importAnswer({ imported, refused }: ImportOutcome, strict: boolean): Answer {
  if (!strict || refused.length === 0) {
    return jsonAnswer(200, { code: 200, num_records_imported: imported, status: 'OK' });
  }
  return badImport(someFailed, imported, failedEvents(refused));
}

export function badImport(error: string, imported = 0, failed: readonly object[] = []): Answer {
  return jsonAnswer(400, {
    code: 400,
    status: 'Bad Request',
    error,
    num_records_imported: imported,
    failed_records: failed,
  });
}

/** GET and form requests come from clients that read the answer of `/track` (3.3). */
export function legacyImportAnswer(
  imported: number,
  error: string | null,
  form: AnswerForm,
): Answer {
  const detail = {
    code: 200,
    num_records_imported: imported,
    status: error === null ? 1 : 0,
    error,
  };
  return trackAnswer(error, form, form.verbose ? detail : undefined);
}

export function importUnauthorized(): Answer {
  return jsonAnswer(
    401,
    { code: 401, error: 'Invalid credentials', status: 'Unauthorized' },
    { 'www-authenticate': 'Basic realm="import"' },
  );
}
