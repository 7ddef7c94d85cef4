import { X509Certificate } from 'node:crypto';
import type { Msg, NatsConnection, Subscription } from '@nats-io/transport-node';
import { LogError, Rejection } from '@caravan/event-store';
import { killPoint } from '@caravan/kill-points';
import { describeCertificate, LastAsked, PkiError } from '@caravan/pki';
import type { Log } from '@caravan/platform';
import type { Directory } from '../directory/directory.js';
import { permissionsOf } from './admission-rules.js';
import type { Permissions } from './admission-rules.js';
import { authorizationRequestSchema, credentialOf, inboxOf } from './credential.js';
import type { ConnectionOutcomes } from './connection-outcomes.js';
import type { AuthorizationRequest, DatedCredential, ReadCertificates } from './credential.js';
import { connectionName } from './connection-name.js';
import { decodeJwt, encodeJwt } from './nats-jwt.js';
import type { SigningKey } from './nats-jwt.js';

const SUBJECT = '$SYS.REQ.USER.AUTH';
/**
 * To read one costs as much as the rest of an answer to nats-server, and most are seen again: an authority's with each site below it, a claim
 * certificate with everybody who was invited by it, a site's when it comes back.
 */
const MOST_CERTIFICATES = 2_000;

interface Options {
  /** Connected to the AUTH account. */
  readonly nats: NatsConnection;
  /** The account key that the server's configuration names as issuer. */
  readonly issuer: SigningKey;
  /** The account that sites are put in. */
  readonly account: string;
  readonly installation: string;
  readonly directory: Directory;
  /** Throws while the log is not the right one: a member whose removal it lost must not come back. */
  readonly requireSameLog: () => void;
  readonly clock: () => Date;
  readonly log: Log;
  readonly outcomes: ConnectionOutcomes;
  readonly certificates: ReadCertificates;
}

/**
 * Answers nats-server's question who a client is. Identity is the verified certificate and nothing else; whatever goes wrong here
 * is a refusal.
 */
export function serveAuthCallout(given: Omit<Options, 'certificates'>): Subscription {
  const options = { ...given, certificates: new LastAsked(MOST_CERTIFICATES, describeCertificate) };
  return options.nats.subscribe(SUBJECT, {
    queue: 'auth-callout',
    callback: (error, message) => {
      if (error) options.log.error({ err: error }, 'authorization requests do not arrive');
      else answer(options, message);
    },
  });
}

function answer(options: Options, message: Msg): void {
  try {
    const claims = decodeJwt(message.string());
    // No proof, since whoever likes makes a key that begins with N and signs with it. That only the server asks here is a matter of
    // permissions: the AUTH account has no user who may publish anything but answers.
    if (!claims.iss.startsWith('N')) throw new RangeError('an authorization request that is no server’s');
    const request = authorizationRequestSchema.parse(claims).nats;
    const decision = response(options, request, decide(options, request));
    if (killPoint) void killPoint('callout.decided', leafSubject(request)).then(() => message.respond(decision));
    else message.respond(decision);
  } catch (error) {
    // Without an answer the server refuses the client when its timeout is over.
    options.outcomes.refused('request.not-understood', { err: error }, 'authorization request not understood');
  }
}

type Decision = { readonly jwt: string } | { readonly error: string };

function decide(options: Options, request: AuthorizationRequest): Decision {
  const { directory, installation, certificates, clock, outcomes } = options;
  const now = clock();
  try {
    options.requireSameLog();
    directory.requireCurrent();
    const credential = credentialOf(request, installation, certificates);
    const permissions = permissionsOf(credential, directory, now.toISOString());
    const name = connectionName(credential);
    const until = untilOf(credential, permissions);
    const jwt = userJwt(options, { request, name, permissions, until }, now);
    outcomes.admitted();
    return { jwt };
  } catch (error) {
    const known = error instanceof Rejection || error instanceof PkiError || error instanceof LogError;
    const code = known ? error.code : 'service.internal';
    const fault = code === 'service.internal' ? { err: error } : {};
    outcomes.refused(code, { subject: leafSubject(request), ...fault }, 'site refused');
    return { error: code };
  }
}

interface Admitted {
  readonly request: AuthorizationRequest;
  /** By which the connection is found when it has to end. */
  readonly name: string;
  readonly permissions: Permissions;
  /** Unix seconds: the server closes the connection then. */
  readonly until: number;
}

function userJwt({ issuer, account }: Options, { request, name, permissions, until }: Admitted, now: Date): string {
  return encodeJwt(
    {
      sub: request.user_nkey,
      name,
      aud: account,
      exp: until,
      nats: {
        type: 'user',
        version: 2,
        pub: { allow: permissions.publish },
        sub: { allow: [...permissions.subscribe, inboxOf(request)] },
        subs: 16,
        data: -1,
        payload: -1,
      },
    },
    issuer,
    now,
  );
}

function response({ issuer, clock }: Options, request: AuthorizationRequest, decision: Decision): string {
  const claims = {
    sub: request.user_nkey,
    aud: request.server_id.id,
    nats: { type: 'authorization_response', version: 2, ...decision },
  };
  return encodeJwt(claims, issuer, clock());
}

/** The certificate's end, or the network's if that is earlier. */
function untilOf({ notAfter }: DatedCredential, { until }: Permissions): number {
  const certificateEnds = Date.parse(notAfter);
  return Math.floor((until === null ? certificateEnds : Math.min(certificateEnds, Date.parse(until))) / 1000);
}

const leafOf = (request: AuthorizationRequest): X509Certificate =>
  new X509Certificate(request.client_tls?.verified_chains?.[0]?.[0] ?? '');

const leafSubject = (request: AuthorizationRequest): string => {
  try {
    return leafOf(request).subjectAltName ?? 'a certificate without names';
  } catch {
    return 'no certificate';
  }
};
