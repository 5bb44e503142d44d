import type { Db } from '@arbor/db';
import { hashSecret, newToken } from '@arbor/db/secrets';
import { hasOwner, withdrawSetupLink } from '../bootstrap/setup-link.ts';
import { ApiError } from '../errors.ts';
import { ensureOwner, normalEmail } from './create-owner.ts';
import type { CreateOwner, Setup } from './setup-request.ts';

export function createSetup(options: {
  readonly db: Db;
  readonly dataDir: string;
  readonly clock: () => number;
}): Setup {
  const { db, dataDir } = options;
  return {
    status: async () => ({ ownerExists: await hasOwner(db) }),
    createOwner: async (request) => {
      const projectId = await useLink(db, request, new Date(options.clock()));
      await withdrawSetupLink(db, dataDir);
      return { projectId };
    },
  };
}

const linkIsOver =
  'this link is not valid: it was used, it expired, or it is not the one the server printed last';

/** One transaction: a link that was used and left no owner would lock everybody out. */
async function useLink(db: Db, request: CreateOwner, now: Date): Promise<number> {
  return db.$transaction(
    async (tx) => {
      // The row lock of this update lets one of two simultaneous uses win.
      const used = await tx.setupToken.updateMany({
        where: { tokenHash: hashSecret(request.token), usedAt: null, expiresAt: { gt: now } },
        data: { usedAt: now },
      });
      if (used.count !== 1) throw new ApiError('FORBIDDEN', linkIsOver);
      const email = normalEmail(request.email);
      if ((await tx.user.findUnique({ where: { email } })) !== null) {
        throw new ApiError('CONFLICT', `there is an account for ${email} already: sign in with it`);
      }
      const { organization: name } = request;
      if ((await tx.organization.findUnique({ where: { name } })) !== null) {
        throw new ApiError(
          'CONFLICT',
          `there is an organization "${name}" already: choose another name`,
        );
      }
      const organization = await tx.organization.create({ data: { name } });
      await ensureOwner(tx, organization.id, request);
      const project = await tx.project.create({
        data: {
          organizationId: organization.id,
          name: request.project,
          timezone: request.timezone,
          token: newToken(),
        },
      });
      return project.id;
    },
    { timeout: 15_000 },
  );
}
