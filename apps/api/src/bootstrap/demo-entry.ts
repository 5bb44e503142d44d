import { demoProject } from '@arbor/demo-world/demo-project';
import type { BootstrapEntry } from './bootstrap.ts';

export const demoProjectId: number = demoProject.id;

/** The demo project as one more entry of the bootstrap; it has no owner and no secret. */
export const demoEntry: BootstrapEntry = {
  org: demoProject.organization,
  project: demoProject.name,
  id: demoProject.id,
  token: demoProject.token,
  timezone: demoProject.timezone,
};
