import { z } from 'zod';
import { changeProject, changeProjectSchema, rotateSecret } from '../projects/change-project.ts';
import { createProject, createProjectSchema } from '../projects/create-project.ts';
import { projectView } from '../projects/project-view.ts';
import { projectProcedure, projectProcedureFor, publicProcedure, router } from './procedures.ts';

export const projectRouter = router({
  get: projectProcedure.query(({ ctx }) => projectView(ctx.project)),

  /** Authorised by the organisation, as there is no project yet. */
  create: publicProcedure
    .input(createProjectSchema)
    .mutation(({ ctx, input }) => createProject(ctx.services.projects, ctx.principal, input)),

  change: projectProcedureFor('admin')
    .input(z.object({ change: changeProjectSchema }))
    .mutation(({ ctx, input }) =>
      changeProject(ctx.services.projects, ctx.project, {
        change: input.change,
        by: ctx.principal,
      }),
    ),

  /** The secret is shown only here. */
  rotateSecret: projectProcedureFor('admin').mutation(({ ctx }) =>
    rotateSecret(ctx.services.projects, ctx.project, ctx.principal),
  ),
});
