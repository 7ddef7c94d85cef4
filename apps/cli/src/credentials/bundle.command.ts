import { bundleFileSchema, createBundle } from '@caravan/api';
import type { CommandSpec, Invocation } from '../command.js';
import { kindOf } from '../kinds/kinds.js';
import { idOf, text } from '../kinds/kind.js';
import { resolve } from '../resources/resolve.js';
import { scopeOf } from '../resources/scope.js';
import { callRoute } from '../resources/listing.js';
import type { Item } from '../kinds/kind.js';
import { addressRemedies, dialsOthers, whenAddressed } from './addresses.js';
import { checked, download } from './credential-file.js';
import { whenIssued } from './when-issued.js';

const bundle = async (invocation: Invocation): Promise<void> => {
  const { args, options, terminal } = invocation;
  const api = await invocation.connect();
  const kind = kindOf('backbone-site');
  const scope = await scopeOf(api, kind, options);
  const site = await resolve(api, kind, args[0] ?? '', scope);
  const params = { backboneId: text(site['backboneId']), siteId: idOf(site) };
  const backbone = (await callRoute(api, kindOf('backbone').routes.get!, { params })) as Item;
  const refused = (await dialsOthers(api, site))
    ? { remedies: addressRemedies('peer') }
    : { remedies: addressRemedies('manage'), forMs: 0 };
  await download(invocation, {
    defaultFile: `${text(backbone['name'])}-${text(site['name'])}.bundle.json`,
    commonName: text(site['name']),
    fetch: async ({ csr, key }) => {
      const idempotencyKey = terminal.newId();
      const request = () => api.callUnsaid(createBundle, { params, body: { csr }, idempotencyKey });
      const answer = await whenAddressed(() => whenIssued(request, terminal), terminal, refused);
      const { chain, ...rest } = answer;
      const document = { format: 'caravan.bundle', version: 1, ...rest, certificate: { chain, key } };
      return checked(bundleFileSchema, document, api.url);
    },
    about: () => ({ site }),
    again: () => ({ command: `caravan bundle ${text(site['name'])} --backbone ${text(backbone['name'])}` }),
    next: (file) => [`It sets the site up once. There: caravan join ${file}`],
  });
};

export const bundleCommand: CommandSpec = {
  name: 'bundle',
  about: 'Write the one-time file that sets a backbone site up; its key is made here',
  args: [{ syntax: '<backbone-site>', about: 'name or id' }],
  flags: [
    { syntax: '--backbone <backbone>', about: 'which backbone; not needed if there is only one' },
    { syntax: '--out <file>', about: 'where to write it; - is stdout (<backbone>-<site>.bundle.json)' },
  ],
  examples: ['caravan bundle east', 'caravan bundle east --backbone demo --out east.bundle.json'],
  run: bundle,
};
