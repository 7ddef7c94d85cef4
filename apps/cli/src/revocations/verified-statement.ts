import { X509Certificate } from 'node:crypto';
import { CLOSING_STATEMENT, closingStatementSchema } from '@caravan/api';
import type { ClosingStatement } from '@caravan/api';
import { compactVerify, decodeProtectedHeader } from 'jose';
import { CliError } from '../failures/cli-error.js';

/** RFC 7518, 3.1: what a key of an installation can be. */
const ALGORITHMS = ['ES256', 'ES384', 'PS256'];

/**
 * What a signed statement says, if the management plane of the installation that it names has signed it, by a certificate of one of these management authorities.
 * Who it was is proved as of when it was stated: certificates of services last for months, and statements are kept.
 * @throws CliError `statement.malformed`, `statement.not-trusted`, `statement.forged`
 */
export async function verifiedStatement(
  signed: string,
  authorities: readonly X509Certificate[],
): Promise<ClosingStatement> {
  const leaf = signerOf(signed);
  const { payload } = await compactVerify(signed.trim(), leaf.publicKey, { algorithms: ALGORITHMS }).catch(() => {
    throw new CliError('statement.forged', 'The signature is not that of what is stated: it was changed, or made up.');
  });
  const statement = closingStatementSchema.safeParse(parsed(Buffer.from(payload).toString('utf8')));
  if (!statement.success) throw malformed('what is signed is no closing statement');
  requireTrust(leaf, authorities, statement.data);
  return statement.data;
}

/** RFC 7515, 4.1.6: the first is whose key signed; by whom that is to be proved is given, not read here. */
function signerOf(signed: string): X509Certificate {
  try {
    const { typ, x5c: [leaf] = [] } = decodeProtectedHeader(signed.trim());
    if (typ !== CLOSING_STATEMENT) throw malformed('it is signed as something else');
    if (leaf === undefined) throw malformed('it does not say whose certificate signed it (x5c)');
    return new X509Certificate(Buffer.from(leaf, 'base64'));
  } catch (error) {
    throw error instanceof CliError ? error : malformed('it is no signed document (JWS, RFC 7515)');
  }
}

/**
 * Only what the management authority itself has signed: those of networks and backbones stand on the same root, may name anybody of the
 * installation, and may be what leaked.
 */
function requireTrust(
  leaf: X509Certificate,
  authorities: readonly X509Certificate[],
  { installation, statedAt }: ClosingStatement,
): void {
  const who = `URI:spiffe://${installation}/service/management-controller`;
  if (leaf.subjectAltName !== who) {
    throw notTrusted(`it is signed by ${leaf.subjectAltName ?? 'nobody'}, and not by ${who}`);
  }
  const authority = authorities.find((each) => isSignedBy(leaf, each));
  if (!authority) throw notTrusted(`its certificate is not signed by ${authorities.map(nameOf).join(' or ')}`);
  for (const each of [leaf, authority]) requireValid(each, statedAt);
}

const isSignedBy = (one: X509Certificate, by: X509Certificate): boolean =>
  by.ca && one.checkIssued(by) && one.verify(by.publicKey);

const nameOf = ({ subject }: X509Certificate): string => subject.replaceAll('\n', ', ');

function requireValid(certificate: X509Certificate, at: string): void {
  const { validFrom, validTo } = certificate;
  const time = Date.parse(at);
  if (Date.parse(validFrom) <= time && time <= Date.parse(validTo)) return;
  throw notTrusted(`${nameOf(certificate)} was not valid at ${at}`);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const malformed = (why: string): CliError => new CliError('statement.malformed', `This is no statement: ${why}.`);
const notTrusted = (why: string): CliError =>
  new CliError('statement.not-trusted', `Nobody who is trusted has stated this: ${why}.`, {
    remedy: 'the management authority of that time: --certificate-authority <management-ca.pem>',
  });
