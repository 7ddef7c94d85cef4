import type { createApp } from '@caravan/platform';

/** Where a URL to join by leads whoever opens it instead: a phone that read its QR code. What follows `#` stays in the browser. */
export const JOIN_PAGE = '/join';

const TEXT = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Join a network with Caravan</title>
<style>body { font: 1.1rem/1.5 system-ui, sans-serif; max-width: 38rem; margin: 3rem auto; padding: 0 1rem } code { font-size: 1rem }</style>
<h1>You are invited</h1>
<p>A machine joins the network with Caravan’s command line. On that machine, type this with the whole address of this page, from
<code>https</code> to its last character, in the quotes:</p>
<p><code>caravan join '&lt;the address of this page&gt;'</code></p>
<p>Who has the address may join: pass it on to nobody who is not meant.</p>
</html>
`;

const HEADERS = {
  'Content-Type': 'text/html; charset=utf-8',
  'Content-Security-Policy': "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
};

interface Request {
  readonly method: string;
  readonly originalUrl: string;
}
interface Response {
  set(headers: typeof HEADERS): Response;
  send(body: string): void;
}

/** Before `app.init()`, after which Nest says 404 to every path that no controller knows. */
export function serveJoinPage(app: Awaited<ReturnType<typeof createApp>>): void {
  app.use(JOIN_PAGE, ({ method, originalUrl }: Request, response: Response, next: () => void) => {
    if (method === 'GET' && originalUrl.split('?')[0] === JOIN_PAGE) response.set(HEADERS).send(TEXT);
    else next();
  });
}
