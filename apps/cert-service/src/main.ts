import { runAcceptLog, runService } from '@caravan/platform';
import { runInit } from './init/init.js';
import { pkiDatabase } from './migrations/index.js';
import { recordAllAnew } from './recording/record-all-anew.js';
import { runRewrap } from './sealed-keys/rewrap.js';
import { serve } from './serve.js';
import { certServiceVariables } from './variables.js';

const [command, ...rest] = process.argv.slice(2);
if (command === 'init') await runInit(rest);
else if (command === 'rewrap') await runRewrap(rest);
else if (command === 'accept-log')
  await runAcceptLog({ name: 'cert-service', database: pkiDatabase, accepted: recordAllAnew }, rest);
else await runService({ name: 'cert-service', variables: certServiceVariables, start: serve });
