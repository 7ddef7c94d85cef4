import type { Stage } from '../stage.js';
import type { Visit } from '../visit.js';

/** What a relay calls it when it does not take a certificate for what it says; what else ends a handshake is a kill. */
const CODES = /^(trust|certificate|identity)\./;
const REASONS = /CERT|ISSUER|SELF_SIGNED|UNKNOWN_CA|LEAF_SIGNATURE|certificate/;

/** The lines of a relay's log since `since` in which it refuses a certificate, or hears that its own is refused. */
export function refusedByRelay(log: string, since: Date): string[] {
  return log.split('\n').filter((line) => {
    const { code = '', detail = '', time = '', msg } = fieldsOf(line);
    if (msg !== 'link refused' || Date.parse(time) < since.getTime()) return false;
    return CODES.test(code) || (code === 'handshake.failed' && REASONS.test(detail));
  });
}

/** `[4711] 2026/11/22 19:57:36.356 [ERR] …`: local time, as nats-server writes it. */
const NATS_LINE = /^\[\d+\] (\d{4})\/(\d\d)\/(\d\d) (\d\d:\d\d:\d\d\.\d+) \[ERR\] (.*)$/;
const HEARD = /TLS handshake error: remote error: tls: .*(certificate|authority)/;

/**
 * The lines of nats-server's log since `since` in which it hears that its certificate is refused. Whom it refuses is no sign: cert-service asks it so
 * whether it accepts a new root (`installation-progress.ts`). Who is refused in earnest says so.
 */
export function refusedByNats(log: string, since: Date): string[] {
  return log.split('\n').filter((line) => {
    const [, year, month, day, time, said] = NATS_LINE.exec(line) ?? [];
    if (said === undefined || !HEARD.test(said)) return false;
    return Date.parse(`${year}-${month}-${day}T${time}`) >= since.getTime();
  });
}

const WORDS =
  /unknown ca\b|bad certificate|certificate (unknown|required|has expired)|self.signed certificate|unable to (verify|get)/i;

/** The lines of the log of a service or a site's controller since `since` in which it tells that a certificate was refused, its own or another's. */
export const toldByClient = (log: string, since: Date): string[] =>
  log.split('\n').filter((line) => {
    const { time = '', service } = fieldsOf(line);
    return service !== 'relay' && Date.parse(time) >= since.getTime() && WORDS.test(line);
  });

/** Where two who are to trust each other did not, since `since`. In words. */
export function distrust({ installation, backboneSite, serverSite }: Stage, { site }: Visit, since: Date): string[] {
  const sites = [backboneSite.site, serverSite.site, ...(site ? [site] : [])];
  return [
    ...sites.flatMap((each) => refusedByRelay(each.logs(), since).map((line) => `${each.name} refused: ${line}`)),
    ...sites.flatMap((each) => toldByClient(each.logs(), since).map((line) => `${each.name} tells: ${line}`)),
    ...refusedByNats(installation.log('nats-server'), since).map((line) => `nats-server was refused: ${line}`),
    ...SERVICES.flatMap((name) => toldByClient(installation.log(name), since).map((line) => `${name} tells: ${line}`)),
  ];
}

const SERVICES = ['management-controller', 'cert-service', 'router-config'] as const;

interface Fields {
  readonly service?: string;
  readonly code?: string;
  readonly detail?: string;
  readonly time?: string;
  readonly msg?: string;
}

function fieldsOf(line: string): Fields {
  try {
    return JSON.parse(line) as Fields;
  } catch {
    return {}; // its end, or what a killed process did not finish
  }
}
