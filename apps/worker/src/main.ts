import { createLogger } from '@arbor/runtime/logger';
import { startDefaultMetrics } from '@arbor/runtime/metrics';
import { crashOnUncaught, onShutdown } from '@arbor/runtime/shutdown';
import { readWorkerConfig } from './config.ts';
import { startEtl } from './roles/etl.ts';
import { startJobs } from './roles/jobs.ts';
import { startStorage } from './roles/storage.ts';

const config = readWorkerConfig();
const logger = createLogger({
  name: config.ARBOR_NAME,
  level: config.ARBOR_LOG,
  file: config.ARBOR_LOG_FILE,
});
crashOnUncaught(logger);
startDefaultMetrics();

if (config.role === 'etl') await startEtl({ config, logger, onShutdown });
else if (config.role === 'jobs') await startJobs({ config, logger, onShutdown });
else await startStorage({ config, logger, onShutdown });
