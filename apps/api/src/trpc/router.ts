import {
  cohortRouter,
  customEventRouter,
  customPropertyRouter,
  lexiconRouter,
  lookupTableRouter,
  sessionSettingsRouter,
} from './definition-router.ts';
import { importRouter, ingestHealthRouter } from './data-router.ts';
import { identityRouter } from './identity-router.ts';
import { liveRouter } from './live-router.ts';
import { invitationRouter, memberRouter } from './member-router.ts';
import { namesRouter } from './names-router.ts';
import { router } from './procedures.ts';
import { organizationRouter, serviceAccountRouter } from './organization-router.ts';
import { privacyRouter } from './privacy-router.ts';
import { projectRouter } from './project-router.ts';
import { queryRouter } from './query-router.ts';
import { boardRouter, savedReportRouter } from './saved-router.ts';
import { sessionRouter } from './session-router.ts';
import { setupRouter } from './setup-router.ts';
import { userRouter } from './user-router.ts';

/** The dashboard's API. The web application imports this type, and nothing else of this package. */
export const appRouter = router({
  session: sessionRouter,
  setup: setupRouter,
  project: projectRouter,
  organizations: organizationRouter,
  members: memberRouter,
  invitations: invitationRouter,
  serviceAccounts: serviceAccountRouter,
  names: namesRouter,
  query: queryRouter,
  live: liveRouter,
  users: userRouter,
  identity: identityRouter,
  privacy: privacyRouter,
  cohorts: cohortRouter,
  customEvents: customEventRouter,
  customProperties: customPropertyRouter,
  lookupTables: lookupTableRouter,
  lexicon: lexiconRouter,
  sessionSettings: sessionSettingsRouter,
  savedReports: savedReportRouter,
  boards: boardRouter,
  ingestHealth: ingestHealthRouter,
  imports: importRouter,
});
export type AppRouter = typeof appRouter;
