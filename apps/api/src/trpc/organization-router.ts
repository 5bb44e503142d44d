import { z } from 'zod';
import { organizationsOf } from '../projects/organizations-of.ts';
import {
  accountIdSchema,
  newServiceAccountSchema,
  serviceAccountChangeSchema,
  serviceAccountPageSchema,
} from '../service-accounts/service-account-input.ts';
import {
  organizationProcedureFor,
  projectProcedureFor,
  publicProcedure,
  router,
} from './procedures.ts';

const auditPageSchema = z.object({
  limit: z.number().int().min(1).max(1000).default(100),
  cursor: z.string().optional(),
  target: z.string().optional(),
});

/** What somebody belongs to, and who changed what in it. */
export const organizationRouter = router({
  list: publicProcedure.query(async ({ ctx }) => ({
    organizations: await organizationsOf(ctx.principal, ctx.services.projects),
  })),

  audit: organizationProcedureFor('admin')
    .input(z.object({ page: auditPageSchema.prefault({}) }))
    .query(({ ctx, input }) =>
      ctx.services.audit.listOfOrganization(ctx.organization.id, input.page),
    ),
});

const managed = organizationProcedureFor('admin');
const idInput = z.object({ id: accountIdSchema });

/** Credentials of scripts (ux.md 23, query-api.md 18). */
export const serviceAccountRouter = router({
  list: managed
    .input(z.object({ page: serviceAccountPageSchema.prefault({}) }))
    .query(({ ctx, input }) => ctx.services.serviceAccounts.list(ctx.organization, input.page)),

  get: managed
    .input(idInput)
    .query(({ ctx, input }) => ctx.services.serviceAccounts.get(ctx.organization, input.id)),

  create: managed
    .input(z.object({ account: newServiceAccountSchema }))
    .mutation(({ ctx, input }) =>
      ctx.services.serviceAccounts.create(ctx.organization, input.account, ctx.principal),
    ),

  change: managed
    .input(idInput.extend({ change: serviceAccountChangeSchema }))
    .mutation(({ ctx, input: { id, change } }) =>
      ctx.services.serviceAccounts.change(ctx.organization, id, change, ctx.principal),
    ),

  rotate: managed
    .input(idInput)
    .mutation(({ ctx, input }) =>
      ctx.services.serviceAccounts.rotate(ctx.organization, input.id, ctx.principal),
    ),

  remove: managed.input(idInput).mutation(async ({ ctx, input: { id } }) => {
    await ctx.services.serviceAccounts.remove(ctx.organization, id, ctx.principal);
    return { id };
  }),

  /** Who opens a project, for those who manage that one. */
  ofProject: projectProcedureFor('admin').query(async ({ ctx }) => ({
    serviceAccounts: await ctx.services.serviceAccounts.ofProject(ctx.project),
  })),
});
