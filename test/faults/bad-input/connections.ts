import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { seeded } from '@caravan/testing';
import { commandLine, descendantsOf, programOf, socketsOf } from '@caravan/testing/installation';
import type { Stage } from './stage.js';

/** A TCP port that something of the installation listens on. */
export interface Port {
  readonly port: number;
  /** Of the process that listens. */
  readonly owner: string;
  /** What is spoken there; `bytes`: whatever the server behind a listener speaks. */
  readonly speaks: 'http' | 'tls' | 'postgres' | 'bytes';
  /** In milliseconds: by when whoever says nothing is ended; absent: nobody promises that. */
  readonly patienceMs?: number;
}

/** Every listening port of every process that this test has started: a new one is attacked by itself. */
export function portsOf({ installation: { plane }, listenerPort }: Stage): Port[] {
  const apiOverTls = Number(new URL(plane.apiTlsUrl).port);
  return descendantsOf(process.pid).flatMap((pid) => {
    const owner = commandLine(pid);
    const listening = socketsOf([pid]).filter(({ state }) => state === 'listening');
    return listening.map(({ localPort: port }): Port => {
      if (owner.includes('postgres')) return { port, owner, speaks: 'postgres' };
      if (port === listenerPort) return { port, owner, speaks: 'bytes' };
      if (port === plane.natsPort) return { port, owner, speaks: 'tls', patienceMs: 5_000 };
      if (port === apiOverTls) return { port, owner, speaks: 'tls', patienceMs: 11_000 };
      if (programOf(pid) === 'relay/main') return { port, owner, speaks: 'tls', patienceMs: 10_000 };
      if (owner.includes('site-controller')) return { port, owner, speaks: 'http', patienceMs: 6_000 };
      if (Object.values(plane.healthPorts).includes(port)) return { port, owner, speaks: 'http', patienceMs: 6_000 };
      if (owner.includes('nats-server')) return { port, owner, speaks: 'http' }; // its monitor, on loopback
      return { port, owner, speaks: 'http', patienceMs: 11_000 };
    });
  });
}

export interface Heard {
  readonly text: string;
  readonly sent: number;
  /** Until the other side ended it; undefined: it had not when the patience was over. */
  readonly ms: number | undefined;
}

export interface Talk {
  readonly begin?: string | Buffer;
  readonly drip?: { readonly what: string | Buffer; readonly everyMs: number };
  /** Writes so many bytes of garbage as fast as they are taken. */
  readonly flood?: number;
  /** Ends our half after `begin`. */
  readonly half?: boolean;
  readonly patienceMs?: number;
}

/** Talks until the other side ends the connection, or the patience is over. */
export function talk(
  dial: () => Socket,
  { begin, drip, flood = 0, half = false, patienceMs = 25_000 }: Talk,
): Promise<Heard> {
  return new Promise((resolve) => {
    const started = performance.now();
    let [text, sent, isOver] = ['', 0, false];
    let dripping: NodeJS.Timeout | undefined;
    const socket = dial();
    const say = (what: string | Buffer): boolean => {
      sent += what.length;
      return socket.write(what);
    };
    const pour = (): void => {
      while (!isOver && sent < flood && say(GARBAGE));
    };
    const end = (ms: number | undefined): void => {
      isOver = true;
      clearInterval(dripping);
      clearTimeout(timer);
      socket.destroy();
      resolve({ text, sent, ms });
    };
    const timer = setTimeout(() => end(undefined), patienceMs);
    socket.once('connect', () => {
      if (begin !== undefined) say(begin);
      if (half) socket.end();
      if (drip) dripping = setInterval(() => socket.writable && say(drip.what), drip.everyMs);
      pour();
    });
    socket.on('drain', pour);
    socket.on('data', (data) => (text += text.length < 4_096 ? data.toString('latin1') : ''));
    socket.on('error', () => undefined);
    socket.once('close', () => end(performance.now() - started));
  });
}

export const tcp = (port: number) => (): Socket => connect(port, '127.0.0.1');
export const unix = (path: string) => (): Socket => connect(path);
export const tls =
  (
    port: number,
    credential: { chain: readonly string[]; key: string } | undefined,
    servername: string,
    protocol = 'h2',
  ) =>
  (): Socket => {
    // What is written before the handshake is over waits for its end.
    return connectTls({
      host: '127.0.0.1',
      port,
      servername,
      ALPNProtocols: [protocol],
      rejectUnauthorized: false, // who answers is another suite's
      ...(credential && { cert: credential.chain.join(''), key: credential.key }),
    });
  };

const random = seeded(20_261_120);
export const GARBAGE = Buffer.from(Array.from({ length: 65_536 }, () => Math.floor(random() * 256)));

/** A TLS record that announces a ClientHello of 508 bytes, and a fifth of it (RFC 8446, 4.1.2 and 5.1). */
export const HALF_A_HELLO = Buffer.concat([Buffer.from('1603010200010001fc0303', 'hex'), GARBAGE.subarray(0, 100)]);

/** Connections that say nothing. */
export interface Silence {
  /** How long the last one was kept, in milliseconds; undefined: until the patience was over. */
  readonly ended: Promise<number | undefined>;
  readonly open: () => number;
}

export async function silence(port: number, count: number, patienceMs: number): Promise<Silence> {
  const started = performance.now();
  const sockets = new Set<Socket>();
  for (let index = 0; index < count; index++) {
    const socket = connect(port, '127.0.0.1').resume();
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.once('close', () => sockets.delete(socket));
    // A backlog that overflows would make it a test of the kernel's.
    if (index % 100 === 99)
      await new Promise<void>((resolve) => void socket.once('connect', resolve).once('close', resolve));
  }
  const ended = new Promise<number | undefined>((resolve) => {
    const looking = setInterval(() => {
      const ms = performance.now() - started;
      if (sockets.size > 0 && ms < patienceMs) return;
      clearInterval(looking);
      resolve(sockets.size > 0 ? undefined : ms);
      for (const socket of sockets) socket.destroy();
    }, 50);
  });
  return { ended, open: () => sockets.size };
}
