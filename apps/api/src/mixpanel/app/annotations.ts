import type { Annotation, Annotations } from '../../annotations/ports.ts';
import { nameOf } from '../../auth/name-of.ts';
import { ApiError } from '../../errors.ts';
import type { Asked, Endpoint } from '../endpoint.ts';
import type { Parameters } from '../parameters.ts';
import { isDate } from '../parameters.ts';

/** `query-api.md` 15. */
const descriptionMax = 512;
const base = '/projects/:project/annotations';

export function annotationEndpoints(annotations: Annotations): readonly Endpoint[] {
  return [
    {
      path: `${base}/tags`,
      methods: ['GET'],
      handle: async ({ project }) => ok(await annotations.tags(project.id)),
    },
    {
      path: `${base}/tags`,
      methods: ['POST'],
      needed: 'analyst',
      handle: async ({ project, parameters }) =>
        ok(await annotations.tag(project.id, textIn(parameters, 'name', 255))),
    },
    {
      path: base,
      methods: ['GET'],
      handle: async ({ project, parameters }) => {
        const range = { from: parameters.date('fromDate'), to: parameters.date('toDate') };
        return ok((await annotations.list(project.id, range)).map(viewOf));
      },
    },
    {
      path: base,
      methods: ['POST'],
      needed: 'analyst',
      handle: async ({ project, parameters, by, reply }) => {
        const made = {
          date: momentIn(parameters),
          description: textIn(parameters, 'description', descriptionMax),
          tags: tagsIn(parameters) ?? [],
        };
        void reply.code(201);
        return ok(viewOf(await annotations.create(project.id, made, nameOf(by))));
      },
    },
    {
      path: `${base}/:annotation`,
      methods: ['GET'],
      handle: async (asked) => ok(viewOf(await annotations.get(asked.project.id, idOf(asked)))),
    },
    {
      path: `${base}/:annotation`,
      methods: ['PATCH'],
      needed: 'analyst',
      handle: async (asked) => {
        const { project, parameters, by } = asked;
        const tags = tagsIn(parameters);
        const change = {
          ...(parameters.has('description') && {
            description: textIn(parameters, 'description', descriptionMax),
          }),
          ...(tags !== undefined && { tags }),
        };
        return ok(viewOf(await annotations.change(project.id, idOf(asked), change, nameOf(by))));
      },
    },
    {
      path: `${base}/:annotation`,
      methods: ['DELETE'],
      needed: 'analyst',
      handle: async (asked) => {
        const id = idOf(asked);
        await annotations.remove(asked.project.id, id, nameOf(asked.by));
        return ok({ id });
      },
    },
  ];
}

/** The calls of older clients, below the Query API. */
export function oldAnnotationEndpoints(annotations: Annotations): readonly Endpoint[] {
  const idIn = (parameters: Parameters): number =>
    parameters.integer('id', { min: 1, max: 2 ** 31 - 1 }) ?? parameters.refuse('id', 'is missing');
  return [
    {
      path: '/annotations',
      handle: async ({ project, parameters }) => {
        const range = { from: parameters.date('from_date'), to: parameters.date('to_date') };
        const list = await annotations.list(project.id, range);
        return { annotations: list.map(oldViewOf), error: false };
      },
    },
    {
      path: '/annotations/create',
      needed: 'analyst',
      handle: async ({ project, parameters, by }) => {
        const description = textIn(parameters, 'description', descriptionMax);
        const made = { date: momentIn(parameters), description, tags: [] };
        await annotations.create(project.id, made, nameOf(by));
        return { error: false };
      },
    },
    {
      path: '/annotations/update',
      needed: 'analyst',
      handle: async ({ project, parameters, by }) => {
        const change = {
          date: momentIn(parameters),
          description: textIn(parameters, 'description', descriptionMax),
        };
        await annotations.change(project.id, idIn(parameters), change, nameOf(by));
        return { error: false };
      },
    },
    {
      path: '/annotations/delete',
      needed: 'analyst',
      handle: async ({ project, parameters, by }) => {
        await annotations.remove(project.id, idIn(parameters), nameOf(by));
        return { error: false };
      },
    },
  ];
}

const ok = (results: unknown) => ({ status: 'ok', results });

/** Who made it has no number here: the words stand for his name. */
function viewOf({ id, projectId, date, description, createdBy, tags }: Annotation): object {
  const user = { id: 0, first_name: createdBy, last_name: '' };
  return { id, project_id: projectId, date, description, user, tags };
}

function oldViewOf({ id, projectId, date, description }: Annotation): object {
  return { date, description, id, project_id: projectId };
}

function idOf({ path }: Asked): number {
  const text = path['annotation'] ?? '';
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new ApiError('NOT_FOUND', `there is no annotation "${text}"`);
}

function textIn(parameters: Parameters, name: string, max: number): string {
  const text = parameters.required(name).trim();
  if (text !== '' && text.length <= max) return text;
  return parameters.refuse(name, `must have 1 to ${max} characters`);
}

/** A day, or a moment of one, on the clock of the project. */
function momentIn(parameters: Parameters): string {
  const text = parameters.required('date').replace('T', ' ');
  const [date = '', time = '00:00:00'] = text.split(' ');
  const isTime = /^([01]\d|2[0-3]):[0-5]\d:[0-5]\d$/.test(time);
  if (isDate(date) && isTime && text.length <= 19) return `${date} ${time}`;
  return parameters.refuse('date', `must be such as 2024-03-05 12:00:00, not "${text}"`);
}

function tagsIn(parameters: Parameters): number[] | undefined {
  const tags = parameters.json('tags');
  if (tags === undefined) return undefined;
  const isId = (tag: unknown): tag is number => typeof tag === 'number' && Number.isInteger(tag);
  if (Array.isArray(tags) && tags.every(isId)) return tags;
  return parameters.refuse('tags', 'must be a list of ids of tags, such as [3]');
}
