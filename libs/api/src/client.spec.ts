import { describe, expect, it } from 'vitest';
import { apiClient, ApiError, getStatus } from './index.js';

const answered = (body: string | ReadableStream, status = 200) =>
  apiClient({ url: 'http://caravan/api/v1', token: 'token', fetch: async () => new Response(body, { status }) });

describe('the client', () => {
  it('says of a server that is not there that it is unreachable', async () => {
    const refused = async () => Promise.reject(new TypeError('fetch failed'));
    const client = apiClient({ url: 'http://caravan/api/v1', token: 'token', fetch: refused });
    await expect(client.call(getStatus, {})).rejects.toMatchObject({
      problem: { code: 'api.unreachable', status: 503 },
    });
  });

  it('says the same of one that ends in the middle of its answer', async () => {
    const broken = new ReadableStream({
      start: (controller) => controller.enqueue(new TextEncoder().encode('{"half":')),
      pull: (controller) => controller.error(new TypeError('terminated')),
    });
    await expect(answered(broken).call(getStatus, {})).rejects.toMatchObject({ problem: { code: 'api.unreachable' } });
  });

  it('says of an answer without problem details what it was', async () => {
    const error = await answered('<html>', 502)
      .call(getStatus, {})
      .catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ApiError);
    expect(error).toMatchObject({ problem: { code: 'api.unexpected-answer', status: 502 } });
  });
});
