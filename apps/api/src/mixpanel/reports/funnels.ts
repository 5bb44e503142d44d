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
import { selectorName, visibleReport } from '../bookmark/saved-report.ts';
import type { SavedReportList } from '../../reports/ports.ts';
import { byKey } from './segment-keys.ts';

/** `/funnels/list` (`query-api.md` 6): the saved reports that are funnels, newest first. */
export function funnelList({ savedReports }: ReportDeps): Endpoint {
  return {
    path: '/funnels/list',
    handle: async ({ project }: Asked) => {
      const list: { readonly funnel_id: number; readonly name: string }[] = [];
      let cursor: number | null = null;
      do {
        const page = { limit: 1000, archived: false, ...(cursor !== null && { cursor }) };
        const { reports, next }: SavedReportList = await savedReports.list(project.id, page);
        const own = reports.filter(({ type }) => type === 'funnel');
        list.push(...own.map(({ id, name }) => ({ funnel_id: id, name })));
        cursor = next;
      } while (cursor !== null);
      return list;
    },
  };
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
 * `/funnels` (6): a funnel of its own for each bucket of entries, saved (`funnel_id`) or with the steps themselves,
 * `events=[{"event": "Signup", "selector": "…"}]`.
 */
export function funnels(deps: ReportDeps): Endpoint {
  return {
    path: '/funnels',
    handle: async (asked: Asked) => {
      const { parameters, project } = asked;
      const { names, funnel } = parameters.has('events')
        ? funnelOfSteps(parameters)
        : await savedFunnel(deps, asked);
      const buckets = readBuckets(parameters, project.weekStart);
      const on = readSegmentation(parameters, 'on');
      const query: Omit<FunnelQueryInput, 'range'> = {
        ...funnel,
        window: readWindow(parameters) ?? funnel.window ?? { value: 7, unit: 'day' },
        breakdowns: [],
        ...(on && {
          breakdowns: [{ property: on }],
          attribution: { type: 'step', step: 0 },
          segmentsMax: parameters.integer('limit', { min: 1, max: 10_000 }) ?? 255,
        }),
      };
      const results = await inTurns(buckets, (range) =>
        askQuery(deps.queries, asked, { ...query, range }),
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

/** What is asked of each bucket, and what its steps are called. */
interface NamedFunnel {
  readonly names: readonly StepName[];
  readonly funnel: Omit<FunnelQueryInput, 'range'>;
}

function funnelOfSteps(parameters: Parameters): NamedFunnel {
  const steps = readSteps(parameters);
  return {
    names: steps.map(({ event, label }) => ({ event, label: label ?? event })),
    funnel: {
      type: 'funnel',
      steps: steps.map(({ event, filters }) => ({ anyOf: [{ event, filters }] })),
    },
  };
}

/** A saved report that is a funnel. `where` is about the events of every step here, too; its breakdowns are not asked for. */
async function savedFunnel(deps: ReportDeps, asked: Asked): Promise<NamedFunnel> {
  const { parameters } = asked;
  const id =
    parameters.integer('funnel_id', { min: 1, max: 2_147_483_647 }) ??
    parameters.refuse('funnel_id', 'is missing; or send events=[{"event":"A"},{"event":"B"}]');
  const { query } = await visibleReport(deps, asked, id, 'funnel_id');
  if (query.type !== 'funnel') {
    throw new ApiError('NOT_FOUND', `funnel_id: the saved report ${id} is no funnel`);
  }
  const where = readWhere(parameters, 'where');
  const { range: _range, unit: _unit, trends: _trends, attribution: _attribution, ...kept } = query;
  const steps = query.steps.map((step) => ({
    ...step,
    anyOf: step.anyOf.map((match) => ({ ...match, filters: [...match.filters, ...where] })),
  }));
  const names = steps.map((step) => {
    const name = selectorName(step);
    return { event: step.anyOf[0]?.event ?? name, label: name };
  });
  return { names, funnel: { ...kept, steps } };
}

/** `where` is about the events of every step. */
function readSteps(parameters: Parameters): Step[] {
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

/** At most 90 days; undefined where none is given: that of the saved report, or 7 days (`reports.md` 5.1). */
function readWindow(parameters: Parameters): FunnelWindow | undefined {
  const unit = parameters.choice('length_unit', windowUnits) ?? 'day';
  const value = parameters.integer('length', { min: 1, max: unitsOf90Days[unit] });
  return value === undefined ? undefined : { value, unit };
}
