#!/usr/bin/env node
import { run } from './run.js';
import { processTerminal } from './process-terminal.js';

// Not process.exit: what was printed into a pipe must arrive.
process.exitCode = await run(process.argv.slice(2), processTerminal());
