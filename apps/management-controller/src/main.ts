import 'reflect-metadata';
import { runService } from '@caravan/platform';
import { start } from './start.js';
import { variables } from './variables.js';

await runService({ name: 'management-controller', variables, start });
