import type { Logger } from '@arbor/runtime/logger';
import { createLogger } from '@arbor/runtime/logger';

export const silentLogger: Logger = createLogger({ name: 'test', level: 'silent' });
