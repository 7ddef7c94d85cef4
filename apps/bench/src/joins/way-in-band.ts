import http2 from 'node:http2';
import { createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { pipeline } from 'node:stream';
import tls from 'node:tls';
import type { Credential } from '@caravan/api';
import { CONTROL_ADDRESS } from '@caravan/data-plane';
import type { LinkItem } from '@caravan/data-plane';

/** A loopback port that leads to the management plane by way of a relay. */
export interface WayInBand {
  readonly port: number;
  close(): void;
}

/**
 * Stands in for the relay of a site: dials the link with the site's certificate and carries what connects to a port of its own
 * through a tunnel to the management plane. (A real one dials twice, once for each direction that a tunnel may be asked for in.)
 */
export async function wayInBand(link: LinkItem, credential: Credential): Promise<WayInBand> {
  const { host, port, serverName, trust } = link;
  const secureContext = tls.createSecureContext({
    ca: [...trust],
    cert: credential.chain.join(''),
    key: credential.key,
    allowPartialTrustChain: true,
  });
  const dial = (): tls.TLSSocket =>
    tls.connect({
      host,
      port,
      servername: serverName,
      secureContext,
      ALPNProtocols: ['h2'],
      checkServerIdentity: (_, certificate) => tls.checkServerIdentity(host, certificate),
    });
  const session = http2.connect(`https://${serverName}`, { createConnection: dial });
  const server = createServer((socket) => carry(socket, session));
  const close = (): void => {
    server.close();
    session.destroy();
  };
  await new Promise<void>((resolve, reject) => {
    session.once('connect', () => resolve());
    session.on('error', reject); // later ones: what is in it breaks off, and says so
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { port: (server.address() as AddressInfo).port, close };
}

function carry(socket: Socket, session: http2.ClientHttp2Session): void {
  socket.setNoDelay(true);
  const tunnel = session.request({ ':method': 'CONNECT', ':authority': CONTROL_ADDRESS }, { endStream: false });
  const ignore = (): void => undefined; // either end of the connection inside notices
  pipeline(socket, tunnel, ignore);
  pipeline(tunnel, socket, ignore);
}
