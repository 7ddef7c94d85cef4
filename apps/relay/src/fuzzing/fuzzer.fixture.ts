import { connect as connectTcp } from 'node:net';
import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { connect } from 'node:tls';
import type { Credential } from '@caravan/testing/data-plane';
import type { Attack } from './attacks.fixture.js';
import { ANSWERING, CALLING } from './attacks.fixture.js';
import { breach, HELLO, thrownOut, told } from './breaking.fixture.js';
import { PREFACE, settings } from './frames.fixture.js';
import { Random } from './random.fixture.js';
import { greed, vanish } from './vanishing.fixture.js';

/** A door of the relay, and who may come in by it. */
export interface Door {
  readonly port: number;
  readonly serverName: string;
  readonly credential: Credential;
}

const AT_ONCE = 8;
/** A relay that does not take more for so long will not. */
const PATIENCE_MS = 500;
/** And one that does not come to the end of a handshake. */
const HANDSHAKE_MS = 5_000;
export const BREAKS_EARLY = 'breaks the protocol before it acknowledges the settings';
/** Of all connections; the rest attack frame by frame. Each that vanishes makes the relay send some MiB. */
const SHARES = { garbage: 0.08, vanishing: 0.15, breaking: 0.1 };
/** All of them break the protocol early. */
export const BREAKING_ONLY: Shares = { garbage: 0, vanishing: 0, breaking: 1 };
type Shares = Readonly<typeof SHARES>;
const TLS_CLIENT_HELLO = Buffer.from([0x16, 0x03, 0x01]);

/** Speaks to a relay as nobody should: before TLS, without a certificate, and with one, in both roles. Determined by its seed. */
export class Fuzzer {
  frames = 0;
  handshakes = 0;
  readonly attacks = new Map<string, number>();

  constructor(
    private readonly seed: number,
    private readonly doors: readonly Door[],
    private readonly shares: Shares = SHARES,
  ) {}

  /** Until so many frames more have been said, or there is nobody to say them to. */
  async say(frames: number, over?: AbortSignal): Promise<void> {
    const enough = this.frames + frames;
    let connections = this.handshakes;
    const one = async (): Promise<void> => {
      while (this.frames < enough && !over?.aborted)
        await this.#connection(new Random(this.seed * 1_000_003 + connections++));
    };
    await Promise.all(Array.from({ length: AT_ONCE }, one));
  }

  async #connection(random: Random): Promise<void> {
    this.handshakes++;
    const door = random.pick(this.doors);
    const { garbage, vanishing, breaking } = this.shares;
    const kind = random.next();
    if (kind < garbage) return this.#garbage(door, random);
    if (kind < garbage + vanishing) return this.#vanishing(random);
    if (kind < garbage + vanishing + breaking) return this.#breaking(door, random);
    const isCalling = random.chance(0.75);
    const stranger = random.chance(0.05);
    const socket = await dial(door, { alpn: isCalling ? 'h2' : 'caravan-h2r', stranger });
    if (!socket) return;
    if (random.chance(0.9)) socket.resume();
    await this.#attack(socket, random.pick(isCalling ? CALLING : ANSWERING), isCalling, random);
    if (random.chance(0.5)) socket.destroy();
    else socket.end(() => socket.destroy());
  }

  async #garbage({ port }: Door, random: Random): Promise<void> {
    const socket = connectTcp({ host: '127.0.0.1', port }).on('error', () => undefined);
    const hello = random.chance(0.5) ? TLS_CLIENT_HELLO : Buffer.alloc(0);
    await written(socket, Buffer.concat([hello, random.bytes(random.below(400))]));
    this.#count('bytes before TLS', 1);
    socket.destroy();
  }

  /** By the first door, whose network has what it asks for. */
  async #vanishing(random: Random): Promise<void> {
    const socket = await dial(this.doors[0]!, { alpn: 'h2', stranger: false });
    if (!socket) return;
    const frames = greed(random);
    this.#count('asks for a lot, reads nothing and vanishes', frames.length);
    if (await written(socket, Buffer.concat(frames))) await vanish(socket, random);
    socket.destroy();
  }

  async #breaking(door: Door, random: Random): Promise<void> {
    const socket = await dial(door, { alpn: 'h2', stranger: false });
    if (!socket) return;
    this.#count(BREAKS_EARLY, HELLO.length + 1);
    if (await written(socket, Buffer.concat(HELLO))) {
      await told(socket);
      if (await written(socket, breach(random))) await thrownOut(socket);
    }
    socket.destroy();
  }

  async #attack(socket: TLSSocket, attack: Attack, isCalling: boolean, random: Random): Promise<void> {
    const hello = isCalling && random.chance(0.97) ? [PREFACE, settings()] : [settings()];
    let waiting = hello;
    let stream = isCalling ? 1 : 2;
    for (let turns = attack.name.startsWith('flood') ? random.below(2_000) : random.below(400); turns >= 0; turns--) {
      const frames = attack.turn(random, stream);
      stream += 2;
      waiting.push(...frames);
      this.#count(attack.name, frames.length);
      if (waiting.length < 64 && turns > 0) continue;
      if (!(await written(socket, Buffer.concat(waiting)))) return;
      waiting = [];
    }
  }

  #count(attack: string, frames: number): void {
    this.frames += frames;
    this.attacks.set(attack, (this.attacks.get(attack) ?? 0) + frames);
  }
}

/** Undefined when the relay does not let it in. */
function dial(
  { port, serverName, credential }: Door,
  { alpn, stranger }: { alpn: string; stranger: boolean },
): Promise<TLSSocket | undefined> {
  return new Promise((resolve) => {
    const socket = connect({
      host: '127.0.0.1',
      port,
      servername: serverName,
      ...(!stranger && { cert: credential.chain, key: credential.key }),
      ALPNProtocols: [alpn],
      rejectUnauthorized: false,
    });
    socket.setTimeout(HANDSHAKE_MS, () => socket.destroy());
    socket.on('error', () => resolve(undefined));
    socket.once('close', () => resolve(undefined));
    socket.once('secureConnect', () => resolve(socket.setTimeout(0)));
  });
}

/** False when the other end does not take it, or is gone. */
function written(socket: Socket, data: Buffer): Promise<boolean> {
  if (socket.destroyed) return Promise.resolve(false);
  return new Promise((resolve) => {
    const timer = setTimeout(() => done(false), PATIENCE_MS);
    const done = (isTaken: boolean): void => {
      clearTimeout(timer);
      socket.off('close', gone);
      resolve(isTaken);
    };
    const gone = (): void => done(false);
    socket.once('close', gone);
    socket.write(data, (error) => done(!error));
  });
}
