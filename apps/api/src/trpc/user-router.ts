import { activityRequestSchema, usersRequestSchema } from '@arbor/schema/query';
import { z } from 'zod';
import { identifierSchema, profileEditsSchema } from '../users/users-input.ts';
import { projectProcedure, projectProcedureFor, router } from './procedures.ts';

const userInput = z.object({ identifier: identifierSchema });

/** Users one by one (reports.md 10). */
export const userRouter = router({
  list: projectProcedure
    .input(z.object({ users: usersRequestSchema }))
    .query(({ ctx, input, signal: client }) => {
      const { users, requests } = ctx.services;
      return requests.run(client, (signal) =>
        users.list({ project: ctx.project, users: input.users, signal }),
      );
    }),

  profile: projectProcedure.input(userInput).query(({ ctx, input, signal: client }) => {
    const { users, requests } = ctx.services;
    const { identifier } = input;
    return requests.run(client, (signal) =>
      users.profile({ project: ctx.project, identifier, signal }),
    );
  }),

  near: projectProcedure
    .input(userInput)
    .query(({ ctx, input }) =>
      ctx.services.users.near({ project: ctx.project, identifier: input.identifier }),
    ),

  cohorts: projectProcedure.input(userInput).query(({ ctx, input, signal: client }) => {
    const { users, requests } = ctx.services;
    const { identifier } = input;
    return requests.run(client, (signal) =>
      users.cohorts({ project: ctx.project, identifier, signal, charge: ctx.charge }),
    );
  }),

  activity: projectProcedure
    .input(userInput.extend({ activity: activityRequestSchema }))
    .query(({ ctx, input, signal: client }) => {
      const { users, requests } = ctx.services;
      const { identifier, activity } = input;
      return requests.run(client, (signal) =>
        users.activity({ project: ctx.project, identifier, activity, signal }),
      );
    }),

  edit: projectProcedureFor('admin')
    .input(userInput.extend({ edits: profileEditsSchema }))
    .mutation(({ ctx, input, signal: client }) => {
      const { users, requests } = ctx.services;
      const { identifier, edits } = input;
      return requests.run(client, (signal) =>
        users.edit({ project: ctx.project, identifier, edits, by: ctx.principal, signal }),
      );
    }),
});
