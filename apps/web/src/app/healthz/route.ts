import { buildName } from '#api/build.ts';

export const dynamic = 'force-dynamic';

/** The process is up; whether the API answers is told by the API's own `/readyz`. */
export function GET(): Response {
  return Response.json({ status: 'ok', build: buildName() });
}
