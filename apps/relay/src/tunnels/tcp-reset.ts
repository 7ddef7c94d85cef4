import { readSync } from 'node:fs';
import type { Socket } from 'node:net';

interface Internals {
  resetAndClosing: boolean;
  readonly _handle?: { readonly fd?: number; getpeername?(into: object): number } | null;
}
const internalsOf = (socket: Socket): Internals => socket as unknown as Internals;

/**
 * Sends RST and nothing before it. `resetAndDestroy()` ends the writable side first, so that the peer sees FIN, a clean end,
 * and may stop there. libuv refuses to reset while a FIN is on its way; that takes one turn of the event loop.
 */
export function resetNow(socket: Socket): void {
  if (socket.destroyed) return;
  if (socket.connecting) return void socket.destroy();
  const reset = (): void => {
    internalsOf(socket).resetAndClosing = true;
    socket.destroy();
  };
  const isFinishing = socket.writableEnded && !socket.writableFinished && socket.writableLength === 0;
  if (isFinishing) socket.once('finish', reset);
  else reset();
}

/**
 * Whether the end that was just read is in truth a reset. When data and RST arrive in one turn, libuv reads the data and then
 * says EOF, since the kernel says that both directions are shut. The kernel still knows: the next read fails with ECONNRESET.
 * Ask in the 'end' event, while the descriptor is open.
 */
export function endedByReset(socket: Socket): boolean {
  const fd = internalsOf(socket)._handle?.fd;
  if (fd === undefined || fd < 0) return false;
  try {
    return readSync(fd, Buffer.alloc(1)) > 0;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'EAGAIN';
  }
}

/**
 * Whether a socket that is not read has been reset. Nobody says so: what is not read is not polled either, and a client that gave
 * up on a server that does not read would be carried for ever. A connection that was reset has no peer. After a FIN of ours
 * one that ended well has none either, so that nothing can be said.
 */
export function isCutOff(socket: Socket): boolean {
  if (socket.destroyed || socket.connecting || socket.writableEnded) return false;
  const { _handle: handle } = internalsOf(socket);
  return handle?.getpeername !== undefined && handle.getpeername({}) !== 0;
}
