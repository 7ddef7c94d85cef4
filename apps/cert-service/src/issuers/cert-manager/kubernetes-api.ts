import { readFileSync } from 'node:fs';
import { request } from 'node:https';
import { z } from 'zod';

export interface KubernetesApiOptions {
  /** `https://host:port`. */
  readonly url: string;
  /** Read at each call: both are replaced while a pod lives. */
  readonly tokenFile: string;
  readonly caFile: string;
}

/** What the API server answered that is no success (`Status` of `meta/v1`), or that it could not be asked. */
export class KubernetesError extends Error {
  override readonly name = 'KubernetesError';

  constructor(
    readonly status: number | undefined,
    message: string,
  ) {
    super(message);
  }
}

const TIMEOUT_MS = 10_000;
const MOST_BYTES = 4 * 1024 * 1024;

const statusSchema = z.object({ message: z.string(), reason: z.string().optional() });

/**
 * Two calls of one resource: the library for all of Kubernetes would bring twenty packages into the process that has the keys of
 * authorities (docs/adr/0018).
 */
export class KubernetesApi {
  constructor(private readonly options: KubernetesApiOptions) {}

  /** @throws KubernetesError */
  async call<T>(method: 'GET' | 'POST', path: string, schema: z.ZodType<T>, body?: object): Promise<T> {
    const { status, text } = await this.#exchange(method, path, body).catch((error: Error) => {
      throw new KubernetesError(
        undefined,
        `it cannot be asked (${(error as NodeJS.ErrnoException).code ?? error.message})`,
      );
    });
    const said = parsed(text);
    if (status < 200 || status > 299) {
      const { data } = statusSchema.safeParse(said);
      throw new KubernetesError(status, data ? `${status} ${data.message}` : `it answered ${status}`);
    }
    const answer = schema.safeParse(said);
    if (answer.success) return answer.data;
    throw new KubernetesError(status, `it answered what is not to be understood (${z.prettifyError(answer.error)})`);
  }

  #exchange(method: string, path: string, body?: object): Promise<{ status: number; text: string }> {
    const { url, tokenFile, caFile } = this.options;
    return new Promise((resolve, reject) => {
      const headers = {
        accept: 'application/json',
        authorization: `Bearer ${readFileSync(tokenFile, 'utf8').trim()}`,
        ...(body && { 'content-type': 'application/json' }),
      };
      const signal = AbortSignal.timeout(TIMEOUT_MS);
      const call = request(new URL(path, url), { method, headers, ca: readFileSync(caFile), signal, agent: false });
      call.once('error', reject);
      call.once('response', (response) => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (chunk: string) => {
          text += chunk;
          if (text.length > MOST_BYTES) response.destroy(new Error('it says more than it should'));
        });
        response.once('error', reject);
        response.once('end', () => resolve({ status: response.statusCode ?? 0, text }));
      });
      call.end(body && JSON.stringify(body));
    });
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
