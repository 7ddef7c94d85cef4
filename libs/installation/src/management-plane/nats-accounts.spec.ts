import { describe, expect, it } from 'vitest';
import { natsAccounts } from './nats-accounts.js';
import type { NatsIdentities } from './nats-accounts.js';

/** Everybody's nkey is their name. */
const identities = new Proxy({}, { get: (_target, name) => name }) as NatsIdentities;
const { management, auth, system, sites } = natsAccounts(identities);
const users = [...management.users, ...auth.users, ...system.users];

describe('the users of the management plane', () => {
  it('who answer what others ask write nothing else and hear nothing else', () => {
    const answering = users.filter(({ allowResponses }) => allowResponses);
    expect(answering.map(({ nkey }) => nkey)).toEqual(['managementControllerSites', 'routerConfigSites', 'callout']);
    for (const { publish } of answering) expect(publish.allow).toEqual([]);
    const heard = answering.flatMap(({ subscribe }) => subscribe.allow);
    expect(heard.filter((subject) => /^(_INBOX|\$JS|caravan\.evt)/.test(subject))).toEqual([]);
  });

  it('who answer sites answer all that sites may ask', () => {
    const heard = users.flatMap(({ subscribe, allowResponses }) => (allowResponses ? subscribe.allow : []));
    const asked = sites.imports.filter(({ kind }) => kind === 'service').map(({ subject }) => subject);
    expect(asked.length).toBeGreaterThan(3);
    expect(heard).toEqual(expect.arrayContaining(asked));
  });

  it('who write the log may not answer at all', () => {
    const writing = users.filter(({ publish }) => publish.allow.some((subject) => subject.startsWith('caravan.evt.')));
    expect(writing.map(({ nkey }) => nkey)).toEqual(['managementController', 'certService']);
    expect(writing.filter(({ allowResponses }) => allowResponses)).toEqual([]);
  });
});
