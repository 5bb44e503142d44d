// Makes the generated sources that types and tests need; takes no time when they are up to date.
import { generateSources } from '../packages/local-stack/src/prepare.ts';

await generateSources();
