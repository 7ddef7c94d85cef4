import { setInterval, clearInterval } from 'node:timers';

const FRAMES = '⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏';

/** `1.2 s`, `75 s`. */
export function seconds(ms) {
  return `${(ms / 1000).toFixed(ms < 10_000 ? 1 : 0)} s`;
}

/**
 * Shows on stderr that something goes on: a turning line with the time on a terminal, plain lines elsewhere (stdout is left
 * to whoever prints an answer there). Returns the result of `work`.
 */
export async function progress(what, work, stream = process.stderr) {
  const start = performance.now();
  const elapsed = () => seconds(performance.now() - start);
  let frame = 0;
  let timer;
  if (stream.isTTY) {
    const draw = () => stream.write(`\r\x1b[2K${FRAMES[frame++ % FRAMES.length]} ${what} (${elapsed()})`);
    draw();
    timer = setInterval(draw, 100);
  } else {
    stream.write(`${what} ...\n`);
    timer = setInterval(() => stream.write(`${what} ... ${elapsed()}\n`), 15_000);
  }
  const end = (mark) => {
    clearInterval(timer);
    stream.write(`${stream.isTTY ? '\r\x1b[2K' : ''}${mark} ${what} (${elapsed()})\n`);
  };
  try {
    const result = await work();
    end('✓');
    return result;
  } catch (error) {
    end('✗');
    throw error;
  }
}
