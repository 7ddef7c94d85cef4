import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { CallHandler, ExecutionContext } from '@nestjs/common';
import { deleteNetwork, getStatus, rebuildProjections } from '@caravan/api';
import type { Route } from '@caravan/api';
import { lastValueFrom, NEVER, of } from 'rxjs';
import { AnswerInterceptor, Written } from './answer.interceptor.js';
import { ROUTE } from './handle.js';

describe('an answer', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  const waits: [number, number][] = [];
  const waiting = (result: Promise<boolean>) => (position: number, ms: number) => {
    waits.push([position, ms]);
    return result;
  };
  let waitFor = waiting(Promise.resolve(true));
  const interceptor = new AnswerInterceptor({ position: () => 7, waitFor: (...how) => waitFor(...how) });
  function ask(route: Route, next: CallHandler) {
    const handler = () => undefined;
    Reflect.defineMetadata(ROUTE, route, handler);
    const request = {
      method: route.method,
      originalUrl: '/x',
      headers: {},
      params: {},
      query: {},
      body: undefined,
      actor: {},
    };
    const headers: Record<string, string> = {};
    const response = { setHeader: (name: string, value: string) => (headers[name] = value) };
    const http = { getRequest: () => request, getResponse: () => response };
    const context = { getHandler: () => handler, switchToHttp: () => http } as unknown as ExecutionContext;
    return { headers, answer: lastValueFrom(interceptor.intercept(context, next)) };
  }

  it('says how far the lists are', async () => {
    const { headers, answer } = ask(getStatus, { handle: () => of('fine') });
    expect(await answer).toBe('fine');
    expect(headers).toEqual({ 'caravan-position': '7' });
  });

  it('comes when the lists show what was written, and says as of when where they do not', async () => {
    for (const shown of [Promise.resolve(true), Promise.resolve(false), Promise.reject(new Error('halted'))]) {
      waitFor = waiting(shown);
      const { headers, answer } = ask(deleteNetwork, { handle: () => of(new Written(9)) });
      expect(await answer).toBeUndefined();
      expect([headers, waits.at(-1)]).toEqual([{ 'caravan-position': '9' }, [9, 1_000]]);
    }
    const { answer } = ask(deleteNetwork, { handle: () => of(new Written(9, () => Promise.resolve(undefined))) });
    await expect(answer).rejects.toMatchObject({ code: 'projection.behind' }); // what it would say is in the lists
  });

  it('is not waited for for ever', async () => {
    const { answer } = ask(getStatus, { handle: () => NEVER });
    const refused = expect(answer).rejects.toMatchObject({
      code: 'service.timeout',
      details: { detail: expect.stringContaining('same Idempotency-Key') },
    });
    await vi.advanceTimersByTimeAsync(20_000);
    await refused;
  });

  it('is waited for where it takes long', async () => {
    let isAnswered = false;
    const { answer } = ask(rebuildProjections, { handle: () => NEVER });
    void answer.catch(() => (isAnswered = true));
    await vi.advanceTimersByTimeAsync(60_000);
    expect(isAnswered).toBe(false);
  });
});
