export { connectTransport } from './connect-transport.js';
