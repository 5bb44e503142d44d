import type { Filter, FunnelQueryInput, FunnelWindow } from '@arbor/schema/query';
import { z } from 'zod';
import { ApiError } from '../../errors.ts';
import { askQuery, inTurns } from '../ask.ts';
import type { Asked, Endpoint } from '../endpoint.ts';
import type { Parameters } from '../parameters.ts';
import { filtersOf, parseExpression, readSegmentation, readWhere } from '../where.ts';
import { dateBuckets, dateBucketsMax } from './date-buckets.ts';
import type { StepName } from './funnel-steps.ts';
import { funnelAnalysis, funnelSteps } from './funnel-steps.ts';
import type { ReportDeps } from './report-deps.ts';
import { byKey } from './segment-keys.ts';

/** `/funnels/list` (`query-api.md` 6): no reports are saved on the server, so there is none to list. */
export function funnelList(): Endpoint {
  return { path: '/funnels/list', handle: () => [] };
}

const stepsSchema = z
  .array(
    z.union([
      z.string().min(1),
      z.object({
        event: z.string().min(1),
        selector: z.string().optional(),
        label: z.string().optional(),
      }),
    ]),
  )
  .min(1)
  .max(100);

/**
 * `/funnels` (6): a funnel of its own for each bucket of entries. Instead of `funnel_id` it takes the steps themselves,
 * `events=[{"event": "Signup", "selector": "…"}]`.
 */
export function funnels({ queries }: ReportDeps): Endpoint {
  return {
    path: '/funnels',
    handle: async (asked: Asked) => {
      const { parameters, project } = asked;
      const steps = readSteps(parameters);
      const names = steps.map(({ event, label }): StepName => ({ event, label: label ?? event }));
      const buckets = readBuckets(parameters, project.weekStart);
      const on = readSegmentation(parameters, 'on');
      const query: Omit<FunnelQueryInput, 'range'> = {
        type: 'funnel',
        steps: steps.map(({ event, filters }) => ({ anyOf: [{ event, filters }] })),
        window: readWindow(parameters),
        ...(on && {
          breakdowns: [{ property: on }],
          attribution: { type: 'step', step: 0 },
          segmentsMax: parameters.integer('limit', { min: 1, max: 10_000 }) ?? 255,
        }),
      };
      const results = await inTurns(buckets, (range) =>
        askQuery(queries, asked, { ...query, range }),
      );
      const data = results.map((result, i) => {
        const own = funnelSteps(result.steps, names);
        const value = on
          ? {
              $overall: own,
              ...Object.fromEntries(
                [...byKey(result.segments)].map(([key, segment]) => [
                  key,
                  funnelSteps(segment.steps, names),
                ]),
              ),
            }
          : { steps: own, analysis: funnelAnalysis(own) };
        return [buckets[i]?.from ?? '', value] as const;
      });
      return { meta: { dates: buckets.map(({ from }) => from) }, data: Object.fromEntries(data) };
    },
  };
}

interface Step {
  readonly event: string;
  readonly label: string | undefined;
  readonly filters: Filter[];
}

/** `where` is about the events of every step. */
function readSteps(parameters: Parameters): Step[] {
  if (!parameters.has('events')) {
    const id = parameters.required('funnel_id');
    throw new ApiError(
      'NOT_FOUND',
      `funnel_id: there is no saved funnel "${id}"; send the steps as events=[{"event":"A"},{"event":"B"}]`,
    );
  }
  const parsed = stepsSchema.safeParse(parameters.json('events'));
  if (!parsed.success) {
    parameters.refuse('events', 'must be a JSON array such as [{"event":"A"},{"event":"B"}]');
  }
  const where = readWhere(parameters, 'where');
  return parsed.data.map((step, i) => {
    const { event, selector, label } = typeof step === 'string' ? { event: step } : step;
    const name = `events[${i}].selector`;
    const own =
      selector === undefined || selector === ''
        ? []
        : filtersOf(parseExpression(selector, name), { name, scope: 'event' });
    return { event, label, filters: [...own, ...where] };
  });
}

function readBuckets(
  parameters: Parameters,
  weekStart: number,
): { readonly from: string; readonly to: string }[] {
  const range = parameters.dates();
  const unit = parameters.choice('unit', ['day', 'week', 'month']) ?? 'day';
  const size = parameters.integer('interval', { min: 1, max: 366 }) ?? 1;
  const buckets = dateBuckets(range, {
    unit,
    size: parameters.has('unit') ? 1 : size,
    weekStart,
  });
  if (buckets.length > dateBucketsMax) {
    parameters.refuse(
      'interval',
      `${buckets.length} buckets are too many, at most ${dateBucketsMax} are asked for: take a longer interval or unit`,
    );
  }
  return buckets;
}

const windowUnits = ['day', 'hour', 'minute', 'second'] as const;
const unitsOf90Days = { day: 90, hour: 2160, minute: 129_600, second: 7_776_000 } as const;

/** At most 90 days; 7 days where none is given (`reports.md` 5.1). */
function readWindow(parameters: Parameters): FunnelWindow {
  const unit = parameters.choice('length_unit', windowUnits) ?? 'day';
  const value = parameters.integer('length', { min: 1, max: unitsOf90Days[unit] });
  return value === undefined ? { value: 7, unit: 'day' } : { value, unit };
}
