import { createProject, createProjectSchema } from '../projects/create-project.ts';
import { projectView } from '../projects/project-view.ts';
import { projectProcedure, publicProcedure, router } from './procedures.ts';

export const projectRouter = router({
  get: projectProcedure.query(({ ctx }) => projectView(ctx.project)),

  /** Authorised by the organisation, as there is no project yet. */
  create: publicProcedure
    .input(createProjectSchema)
    .mutation(({ ctx, input }) => createProject(ctx.services.projects, ctx.principal, input)),
});
