import { pem } from './world.fixture.js';
import type { Record_, World } from './world.fixture.js';

const control = { serverName: 'caravan.control', trust: [pem] };
const download = { position: 7, installation: 'demo', control, chain: [pem] };
export const credential = (world: World, invitationId: string): Record_ => {
  const found = world['invitations']?.find((each) => each['id'] === invitationId) ?? {};
  const { id, name, networkId, deadline, interactive, asks } = found;
  return {
    ...download,
    invitation: {
      id,
      name,
      networkId,
      networkName: 'retail',
      deadline,
      ...(interactive === true && { interactive, asks }),
    },
    links: [{ kind: 'link', id: 'claim', host: '192.0.2.10', port: 7444 }],
  };
};
export const bundle = (world: World, siteId: string): Record_ => {
  const { id, name, backboneId } = world['sites']?.find((each) => each['id'] === siteId) ?? {};
  return {
    ...download,
    site: { id, name, backboneId, backboneName: 'demo' },
    items: [],
  };
};
