import 'reflect-metadata';
import { describe, expect, it } from 'vitest';
import { RequestMethod } from '@nestjs/common';
import type { Type } from '@nestjs/common';
import { HTTP_CODE_METADATA, METHOD_METADATA, MODULE_METADATA, PATH_METADATA } from '@nestjs/common/constants.js';
import { apiRoutes } from '@caravan/api';
import type { Route } from '@caravan/api';
import { ApiModule } from './api.module.js';
import { ROUTE } from './handle.js';

interface Handler {
  readonly name: string;
  /** What it says that it serves. */
  readonly route: Route | undefined;
  /** What Nest will do: `POST /backbones/:backboneId`. */
  readonly address: string;
  readonly status: number;
}

const controllers = Reflect.getMetadata(MODULE_METADATA.CONTROLLERS, ApiModule) as Type[];

function handlersOf(controller: Type): Handler[] {
  const members = Object.entries(Object.getOwnPropertyDescriptors(controller.prototype as object));
  return members.flatMap(([name, descriptor]) => {
    const member: unknown = descriptor.value;
    if (typeof member !== 'function' || !Reflect.hasMetadata(METHOD_METADATA, member)) return [];
    const method = RequestMethod[Reflect.getMetadata(METHOD_METADATA, member) as RequestMethod];
    const prefix = Reflect.getMetadata(PATH_METADATA, controller) as string;
    const path = Reflect.getMetadata(PATH_METADATA, member) as string;
    return {
      name: `${controller.name}.${name}`,
      route: Reflect.getMetadata(ROUTE, member) as Route | undefined,
      address: `${method} ${prefix === '/' ? '' : prefix}${path}`,
      status: Reflect.getMetadata(HTTP_CODE_METADATA, member) as number,
    };
  });
}

/** What is wrong between the declared routes and their handlers, in words. */
function mismatches(routes: readonly Route[], handlers: readonly Handler[]): string[] {
  const unserved = routes.flatMap((route) => {
    const serving = handlers.filter((handler) => handler.route === route).map(({ name }) => name);
    return serving.length === 1 ? [] : [`${route.name} is served by ${serving.join(' and ') || 'nobody'}`];
  });
  const unasked = handlers
    .filter(({ route }) => route === undefined || !routes.includes(route))
    .map(({ name, address }) => `${name} serves ${address}, which is no declared route`);
  return [...unserved, ...unasked];
}

const handlers = controllers.flatMap(handlersOf);

describe('the management API', () => {
  it('serves every declared route with exactly one method, and no other', () => {
    expect(handlers.length).toBeGreaterThan(40);
    expect(mismatches(apiRoutes, handlers)).toEqual([]);
  });

  it('serves each where its declaration says, with the status that it says', () => {
    for (const { route, address, status } of handlers) {
      expect(address).toBe(`${route!.method} ${route!.path.replace(/\{(\w+)\}/g, ':$1')}`);
      expect(status).toBe(route!.status);
    }
  });

  it('has one route for each name, and for each method and path', () => {
    const unique = (of: (route: Route) => string) => new Set(apiRoutes.map(of)).size;
    expect(unique(({ name }) => name)).toBe(apiRoutes.length);
    expect(unique(({ method, path }) => `${method} ${path.replace(/\{\w+\}/g, '{}')}`)).toBe(apiRoutes.length);
  });

  describe('is found out', () => {
    const [first, ...others] = handlers;
    const undeclared = { ...first!, route: undefined };

    it('when a route is declared and forgotten', () => {
      expect(mismatches(apiRoutes, others)).toEqual([`${first!.route!.name} is served by nobody`]);
    });
    it('when two methods serve one route', () => {
      const twice = [...handlers, { ...first!, name: 'Other.method' }];
      expect(mismatches(apiRoutes, twice)).toEqual([
        `${first!.route!.name} is served by ${first!.name} and Other.method`,
      ]);
    });
    it('when a method serves what is not declared', () => {
      expect(mismatches(apiRoutes, [...handlers, undeclared])).toEqual([
        `${first!.name} serves ${first!.address}, which is no declared route`,
      ]);
    });
  });
});
