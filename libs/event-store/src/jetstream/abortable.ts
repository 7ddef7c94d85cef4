/** The outcome of a request; rejects as soon as the signal aborts, since a server that is away lets one wait for its answer. */
export function abortable<T>(request: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(new Error('ended while it waited for the server'));
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort);
    request.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}
