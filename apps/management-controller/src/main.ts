import 'reflect-metadata';
import { runAcceptLog, runService } from '@caravan/platform';
import { database } from './read-models/database.js';
import { start } from './start.js';
import { variables } from './variables.js';

const [command, ...rest] = process.argv.slice(2);
if (command === 'accept-log') await runAcceptLog({ name: 'management-controller', database }, rest);
else await runService({ name: 'management-controller', variables, start });
