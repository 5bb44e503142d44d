import type pg from 'pg';
import { forgetInContents } from './forget-contents.ts';
import { forgetInTexts } from './forget-texts.ts';
import { createNamesThem, type NamesThem } from './names-them.ts';
import { withoutThem } from './without-them.ts';

const rowsAtOnce = 500;

/** What a project has said of the users besides their data: everything here may be done again. */
export async function forgetInDefinitions(
  pool: pg.Pool,
  project: number,
  identifiers: readonly string[],
): Promise<{ readonly replacedContents: string[] }> {
  const names = createNamesThem(identifiers);
  await forgetInAudit(pool, project, names);
  await forgetInRequests(pool, project, names);
  await forgetInTexts(pool, project, names);
  return { replacedContents: await forgetInContents(pool, project, names) };
}

type AuditRow = {
  readonly id: string;
  readonly action: string;
  readonly target: string | null;
  readonly details: unknown;
};

/** Entries stay: that something was done is no datum of the user, to whom and what is. */
async function forgetInAudit(pool: pg.Pool, project: number, names: NamesThem): Promise<void> {
  for (let after = '0'; ;) {
    const { rows } = await pool.query<AuditRow>(
      `SELECT id::text AS id, action, target, details FROM audit_entries
       WHERE project_id = $1 AND id > $2::bigint ORDER BY audit_entries.id LIMIT ${rowsAtOnce}`,
      [project, after],
    );
    for (const row of rows) {
      const left = auditWithout(row, names);
      if (left === row) continue;
      await pool.query('UPDATE audit_entries SET target = $2, details = $3::jsonb WHERE id = $1', [
        row.id,
        left.target,
        JSON.stringify(left.details),
      ]);
    }
    const last = rows.at(-1);
    if (last === undefined) return;
    after = last.id;
  }
}

/** Of what was done to a person nothing stays but that it was done; of other things, whoever they name goes. */
function auditWithout(row: AuditRow, names: NamesThem): AuditRow {
  const { action, target, details } = row;
  const isPersonal = /^(person|identity)\./.test(action);
  const isNamed = isPersonal ? names.is(target) : target !== null && names.value(target);
  if (isNamed || (isPersonal && (names.value(details) || holdsOne(details, names)))) {
    return { ...row, target: null, details: { erased: true } };
  }
  const left = withoutThem(details, names);
  return left === details ? row : { ...row, details: left };
}

/** Any of them as a text of its own, or in quotation marks. */
function holdsOne(value: unknown, names: NamesThem): boolean {
  if (typeof value === 'string') return names.is(value) || names.withoutQuoted(value) !== value;
  if (typeof value !== 'object' || value === null) return false;
  return Object.values(value).some((inner) => holdsOne(inner, names));
}

/** Requests that are over, or for access: who was erased can be given nothing. */
async function forgetInRequests(pool: pg.Pool, project: number, names: NamesThem): Promise<void> {
  const { rows } = await pool.query<{ id: string; distinctIds: unknown }>(
    `SELECT id, distinct_ids AS "distinctIds" FROM data_requests
     WHERE project_id = $1 AND distinct_ids IS NOT NULL
       AND (kind = 'access' OR status IN ('SUCCESS', 'REVOKED'))`,
    [project],
  );
  for (const { id, distinctIds } of rows) {
    if (!Array.isArray(distinctIds)) continue;
    const left = (distinctIds as unknown[]).filter((each) => !names.is(each));
    if (left.length === distinctIds.length) continue;
    const ids = left.length === 0 ? null : JSON.stringify(left);
    await pool.query('UPDATE data_requests SET distinct_ids = $2::jsonb WHERE id = $1', [id, ids]);
  }
}
