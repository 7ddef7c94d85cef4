import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { importPrivateKey } from '@caravan/pki';
import { signed } from './in-memory.js';

/** One process that signs what comes over HTTP, as `cfssl serve` does: `{ "certificate_request" }` in, the chain out. */
const [certificate = '', key = ''] = process.argv.slice(2);
const issuer = {
  certificatePem: readFileSync(certificate, 'utf8'),
  privateKey: importPrivateKey(readFileSync(key, 'utf8')),
};

const server = createServer((request, response) => {
  let text = '';
  request.setEncoding('utf8');
  request.on('data', (chunk: string) => (text += chunk));
  request.on('end', () => {
    const { certificate_request: csr } = JSON.parse(text) as { certificate_request: string };
    response.end(JSON.stringify({ success: true, result: { certificate: signed(csr, issuer) } }));
  });
});
server.listen(0, '127.0.0.1', () => process.stdout.write(`${(server.address() as AddressInfo).port}\n`));
process.stdin.resume().once('end', () => process.exit());
