#!/usr/bin/env node
import { EXIT } from './failures/exit-codes.js';
import { run } from './run.js';
import { processTerminal } from './process-terminal.js';

const code = await run(process.argv.slice(2), processTerminal());
process.exitCode = code;
// What was interrupted may still wait for something. Otherwise the process ends by itself, when all output has arrived.
if (code === EXIT.interrupted) process.exit();
