import { LiveStream, Requests } from './traffic.js';

/** Requests and long-lived streams through one port, which must not notice what is done beneath them. */
export class Onlookers {
  readonly #began = performance.now();

  private constructor(
    private readonly requests: Requests,
    private readonly streams: readonly LiveStream[],
  ) {}

  static async at(port: number): Promise<Onlookers> {
    const requests = new Requests(port);
    await requests.answered(20);
    return new Onlookers(requests, await Promise.all([LiveStream.open(port), LiveStream.open(port)]));
  }

  /** What was noticed since they came: each request that failed. Rejects where one is not answered now, or a stream does not flow. */
  async noticed(): Promise<string[]> {
    await this.requests.answered(20);
    await Promise.all(this.streams.map((stream) => stream.flows()));
    return this.requests.problemsSince(this.#began);
  }

  /** Ends the streams in good order, and resolves with how many bytes each brought back. */
  finish(): Promise<number[]> {
    return Promise.all(this.streams.map((stream) => stream.finish()));
  }

  stop(): void {
    this.requests.stop();
  }
}
