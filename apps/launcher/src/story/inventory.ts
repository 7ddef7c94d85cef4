import { createServer } from 'node:http';
import { stopWithParent } from '@caravan/installation';

/** The small HTTP service that the story exposes: it knows nothing of Caravan. `node inventory.js <port>` */
const stock = { apples: 120, pears: 80, quinces: 7 };

const server = createServer((request, response) => {
  response.setHeader('content-type', 'application/json');
  response.end(`${JSON.stringify({ from: 'hq', path: request.url, stock })}\n`);
});
server.listen(Number(process.argv[2]), '127.0.0.1', () => process.stdout.write('ready\n'));
stopWithParent(() => server.close());
process.once('SIGTERM', () => process.exit(0));
