import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { CallHandler, ExecutionContext } from '@nestjs/common';
import { getStatus, rebuildProjections } from '@caravan/api';
import type { Route } from '@caravan/api';
import { lastValueFrom, NEVER, of } from 'rxjs';
import { AnswerInterceptor } from './answer.interceptor.js';
import { ROUTE } from './handle.js';

describe('an answer', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  const interceptor = new AnswerInterceptor({ position: () => 7, waitFor: () => Promise.resolve(true) });
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
