import { runInit } from './init/init.js';

const [command, ...rest] = process.argv.slice(2);
if (command === 'init') await runInit(rest);
