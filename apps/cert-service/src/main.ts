import { runService } from '@caravan/platform';
import { runInit } from './init/init.js';
import { serve } from './serve.js';
import { certServiceVariables } from './variables.js';

const [command, ...rest] = process.argv.slice(2);
if (command === 'init') await runInit(rest);
else await runService({ name: 'cert-service', variables: certServiceVariables, start: serve });
