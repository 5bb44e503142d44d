import { type Answer, jsonAnswer } from '../answer/answer.ts';

/**
 * The smallest answers that keep clients working which switch on flags, remote settings or session
 * recording (`ingestion-api.md` 8). Arbor has none of the three: there are no flags, the settings are
 * empty, and a recording is discarded.
 */
export const noFlags = (): Answer => jsonAnswer(200, { flags: {} });
export const noFlagDefinitions = (): Answer => jsonAnswer(200, { flags: [] });
export const noSettings = (): Answer => jsonAnswer(200, { sdk_config: { config: {} } });
export const taken = (): Answer => jsonAnswer(200, { code: 200, status: 'OK' });
