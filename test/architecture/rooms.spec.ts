import { describe, expect, it } from 'vitest';
import { packages, source, sources } from './code/workspace.js';
import { strays } from './rooms.js';

const planted = (path: string, ...specifiers: string[]) =>
  strays(source(path, specifiers.map((specifier) => `import { x } from '${specifier}';`).join('\n')));

describe('the dependency table', () => {
  it('is kept by every file', () => {
    expect(sources().length).toBeGreaterThan(500);
    expect(sources().flatMap(strays)).toEqual([]);
  });

  it('has a room for every package', () => {
    const homeless = packages().flatMap((folder) => strays(source(`${folder}/src/new-file.ts`, '')));
    expect(homeless).toEqual([]);
    expect(strays(source('libs/utils/src/file.ts', ''))).toHaveLength(1);
  });

  it.each([
    ['a contract that knows a contract', 'libs/api/src/a.ts', '@caravan/events'],
    ['a contract that knows Nest', 'libs/events/src/a.ts', '@nestjs/common'],
    ['core that knows NATS', 'libs/event-store/src/a.ts', '@nats-io/jetstream'],
    ['core that knows its own adapter', 'libs/event-store/src/a.ts', './jetstream/index.js'],
    ['core that knows its own adapter by name', 'libs/event-store/src/a.ts', '@caravan/event-store/postgres'],
    ['core that opens sockets', 'libs/pki/src/a.ts', 'node:net'],
    ['core that reads files', 'libs/data-plane/src/a.ts', 'node:fs'],
    ['core that can be held', 'libs/event-store/src/a.ts', '@caravan/kill-points'],
    ['a command line that can be held', 'apps/cli/src/a.ts', '@caravan/kill-points'],
    ['a place to hold a process that knows what it is in', 'libs/kill-points/src/a.ts', '@caravan/events'],
    ['core that keeps rows', 'libs/event-store/src/projection/a.ts', 'typeorm'],
    ['one adapter that reaches into another', 'libs/event-store/src/postgres/a.ts', '../jetstream/fold.js'],
    ['an adapter that knows an app', 'libs/platform/src/a.ts', '@caravan/relay'],
    ['an app that knows another', 'apps/router-config/src/a.ts', '@caravan/management-controller'],
    ['an app that reaches into another', 'apps/relay/src/a.ts', '../../site-controller/src/log.js'],
    ['a spec that reaches into another app', 'apps/relay/src/a.spec.ts', '../../site-controller/src/log.js'],
    ['a suite that starts an app without a process', 'test/e2e/a.e2e.spec.ts', '@caravan/relay'],
    ['a benchmark that starts an app without a process', 'apps/bench/src/a.ts', '@caravan/relay'],
    ['a site that knows the event store', 'apps/site-controller/src/a.ts', '@caravan/event-store'],
    ['a relay that knows events', 'apps/relay/src/a.ts', '@caravan/events'],
    ['a command line that knows the platform', 'apps/cli/src/a.ts', '@caravan/platform'],
    ['a console that knows events', 'apps/console/src/a.ts', '@caravan/events'],
    ['a service that is built of the test harness', 'apps/cert-service/src/a.ts', '@caravan/testing/servers'],
    ['code that is built of a fixture', 'apps/cert-service/src/a.ts', './installation.fixture.js'],
    ['code that is built of a spec', 'libs/pki/src/a.ts', './seal.spec.js'],
    ['a way around the exports of a package', 'apps/relay/src/a.ts', '@caravan/pki/src/der.js'],
  ])('catches %s', (_, path, specifier) => {
    expect(planted(path, specifier)).toEqual([`${path} imports ${specifier}`]);
  });

  it('sees types, re-exports and imports at run time', () => {
    const text = `import type { A } from '@nestjs/common'; export * from 'pg'; const b = await import('typeorm');`;
    expect(strays(source('libs/events/src/a.ts', text))).toHaveLength(3);
  });
});
