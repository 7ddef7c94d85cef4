import { runAcceptLog, runService } from '@caravan/platform';
import { INIT_USAGE } from './init/arguments.js';
import { init } from './init/init.js';
import { pkiDatabase } from './migrations/index.js';
import { recordAllAnew } from './recording/record-all-anew.js';
import { runCommand } from './run-command.js';
import { rewrap, REWRAP_USAGE } from './sealed-keys/rewrap.js';
import { serve } from './serve.js';
import { certServiceVariables } from './variables.js';

const [command, ...rest] = process.argv.slice(2);
if (command === 'init') await runCommand('init', INIT_USAGE, () => init(rest));
else if (command === 'rewrap') await runCommand('rewrap', REWRAP_USAGE, () => rewrap(rest, process.env));
else if (command === 'accept-log')
  await runAcceptLog({ name: 'cert-service', database: pkiDatabase, accepted: recordAllAnew }, rest);
else await runService({ name: 'cert-service', variables: certServiceVariables, start: serve });
