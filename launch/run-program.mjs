import { spawn } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { constants, setPriority } from 'node:os';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'];
const PATIENCE_MS = 3_000;
const running = new Set();
let interruption;

function killGroup(child) {
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch (error) {
    if (error.code !== 'ESRCH') throw error; // it has just ended
  }
}

function interrupt(signal) {
  interruption = signal;
  for (const child of running) {
    child.kill('SIGTERM');
    setTimeout(killGroup, PATIENCE_MS, child); // npm ci may take a minute to think about it
  }
}

// Only while something runs: whoever is handed this process later has signal handlers of its own.
function began(child) {
  if (running.size === 0) SIGNALS.forEach((signal) => process.on(signal, interrupt));
  running.add(child);
}

function ended(child) {
  running.delete(child);
  if (running.size > 0) return;
  SIGNALS.forEach((signal) => process.off(signal, interrupt));
  if (interruption) process.exit(128 + constants.signals[interruption]);
}

/** Has a program, with all that it starts from now on, take what others leave. Where the system does not let us, it runs as they do. */
function yieldToOthers(pid) {
  const lowest = constants.priority.PRIORITY_LOW;
  try {
    setPriority(pid, lowest);
    // Linux shares processors between sessions first, and the program has one of its own (sched(7), the autogroup feature).
    const group = `/proc/${pid}/autogroup`;
    if (existsSync(group)) writeFileSync(group, String(lowest));
  } catch (error) {
    process.stderr.write(`process ${pid} keeps the priority of all others: ${error.message}\n`);
  }
}

/**
 * Runs a program to its end and resolves with its exit code and all that it printed. `show` lets it print on our stderr
 * meanwhile; `spare` gives it, and all that it starts, only the time of processors that nobody else wants. A signal that comes in the
 * meantime ends the program, and us after it.
 */
export function runProgram(command, args, { cwd, env = {}, show = false, spare = false } = {}) {
  return new Promise((resolve, reject) => {
    const stdio = ['ignore', 'pipe', 'pipe'];
    // In a process group of its own: Ctrl-C comes to us alone, and what the program started can be ended with it.
    const child = spawn(command, args, { cwd, env: { ...process.env, ...env }, stdio, detached: true });
    began(child);
    if (spare && child.pid !== undefined) yieldToOthers(child.pid);
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8');
      stream.on('data', (text) => {
        output += text;
        if (show) process.stderr.write(text);
      });
    }
    child.once('error', (error) => {
      ended(child);
      reject(new Error(`${command} could not be started: ${error.message}`));
    });
    child.once('close', (code, signal) => {
      ended(child);
      resolve({ code: code ?? 128 + constants.signals[signal], output });
    });
  });
}

/** The last lines of an output, indented, for an error. */
export function lastLines(output, count = 25) {
  const lines = output.trimEnd().split('\n').slice(-count);
  return lines.map((line) => `  | ${line}`).join('\n');
}
