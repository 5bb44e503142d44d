import { forwardToApi } from '#api/forward.ts';

export const dynamic = 'force-dynamic';

export { forwardToApi as GET, forwardToApi as POST };
