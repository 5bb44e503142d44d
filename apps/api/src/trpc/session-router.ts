import { meOf } from '../projects/me.ts';
import { publicProcedure, router } from './procedures.ts';

export const sessionRouter = router({
  me: publicProcedure.query(({ ctx }) => meOf(ctx.principal, ctx.services)),
});
