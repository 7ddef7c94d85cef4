import tls from 'node:tls';

/** What a server would speak, as far as it says so to whoever shows no certificate. */
export async function tlsAt(port: number, servername: string): Promise<string> {
  const socket = tls.connect({ host: '127.0.0.1', port, servername, ALPNProtocols: ['h2'], rejectUnauthorized: false });
  socket.on('error', () => undefined); // it will not have us: no certificate
  try {
    await new Promise<void>((resolve, reject) => {
      socket.once('secureConnect', resolve);
      socket.once('close', () => reject(new Error(`no TLS at port ${port} for ${servername}`)));
    });
    const { asn1Curve = 'another kind of key' } = socket.getPeerCertificate();
    return `${socket.getProtocol()} ${socket.getCipher().standardName} ${asn1Curve}`;
  } finally {
    socket.destroy();
  }
}
