import { X509Certificate } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { getClosingStatement } from '@caravan/api';
import type { ClosingStatement } from '@caravan/api';
import { certificatesIn } from '../authorities/certificates-of.js';
import type { CommandSpec, Invocation } from '../command.js';
import { usageError } from '../failures/cli-error.js';
import { fileText } from '../files/file-text.js';
import { idOf } from '../kinds/kind.js';
import { kindOf } from '../kinds/kinds.js';
import { textOption } from '../options.js';
import { machineText } from '../output/format.js';
import { findOne } from '../resources/find-one.js';
import { requiredRef } from '../resources/verb.js';
import { verifiedStatement } from './verified-statement.js';

const KIND = kindOf('revocation');
/** That of a network of a hundred thousand members has some twenty. */
const MOST_BYTES = 64 * 1024 * 1024;

const get = async (invocation: Invocation): Promise<void> => {
  const { options, terminal, connect } = invocation;
  const ref = requiredRef(invocation, KIND, 'statement get');
  const api = await connect();
  const { item } = await findOne(api, KIND, ref, options);
  const { signed } = await api.call(getClosingStatement, { params: { revocationId: idOf(item) } });
  const file = textOption(options, 'out');
  if (file === undefined) return terminal.out(`${signed}\n`);
  await writeFile(path.resolve(terminal.cwd, file), `${signed}\n`);
  terminal.err(`Written to ${file}. What it says: caravan statement verify ${file} --certificate-authority <file>\n`);
};

const verify = async ({ args, options, output, terminal }: Invocation): Promise<void> => {
  const [file] = args;
  if (file === undefined) {
    throw usageError('cli.missing-file', 'Which file has the statement?', 'caravan statement verify <file>');
  }
  const authority = textOption(options, 'certificateAuthority');
  if (authority === undefined) {
    const which = 'By whom is it to be proved? Whoever can change a statement can sign it anew.';
    throw usageError('cli.missing-file', which, '--certificate-authority <management-ca.pem>');
  }
  const pem = await certificatesIn(path.resolve(terminal.cwd, authority), authority);
  const authorities = pem
    .split(/(?<=-----END CERTIFICATE-----)\n/)
    .filter(Boolean)
    .map((each) => new X509Certificate(each));
  const signed = await fileText(path.resolve(terminal.cwd, file), MOST_BYTES);
  const statement = await verifiedStatement(signed, authorities);
  terminal.out(machineText(output, statement) ?? inWords(statement));
};

/** Seconds from the request to `at`. */
const after = ({ requestedAt }: ClosingStatement, at: string): string =>
  `${((Date.parse(at) - Date.parse(requestedAt)) / 1_000).toFixed(2)} s`;

function inWords(statement: ClosingStatement): string {
  const { installation, what, reason, requestedAt, certificates, confirmed, unconfirmed } = statement;
  const { enforcedAt, goneAt, statedAt } = statement;
  const count = (of: 'authority' | 'claim' | 'member') => certificates.filter(({ kind }) => kind === of).length;
  const routers = [
    ...confirmed.map(({ name, siteId, at }) => `  ${name ?? siteId} after ${after(statement, at)}`),
    ...unconfirmed.map(({ name, siteId, detail }) => `  ${name ?? siteId} has not said so: ${detail}`),
  ];
  return [
    `${what.kind} ${what.name} of ${installation}: ${reason}, requested at ${requestedAt}`,
    `certificates worth nothing since: ${count('member')} of members, ${count('claim')} of invitations, ${count('authority')} of authorities`,
    `routers that let nobody in: ${confirmed.length} of ${confirmed.length + unconfirmed.length}`,
    ...routers,
    enforcedAt === null ? 'not everywhere yet' : `everywhere after ${after(statement, enforcedAt)}`,
    goneAt === null ? 'something is left of it' : `nothing left of it after ${after(statement, goneAt)}`,
    `stated at ${statedAt}, and proved`,
    '',
  ].join('\n');
}

export const statementCommand: CommandSpec = {
  name: 'statement',
  about: 'What became of who was evicted, or of a network that ended, signed by the management plane',
  examples: [
    'caravan statement get retail --out retail.jws',
    'caravan statement verify retail.jws --certificate-authority management-ca.pem',
  ],
  subcommands: [
    {
      name: 'get',
      about: 'Print it, or write it to a file: JWS (RFC 7515)',
      args: [{ syntax: '[ref]', about: 'what was evicted, or the id of its revocation' }],
      flags: [{ syntax: '--out <file>', about: 'where to write it' }],
      examples: ['caravan statement get retail --out retail.jws'],
      run: get,
    },
    {
      name: 'verify',
      about: 'Whether somebody who is trusted has stated it, and what it says; asks nobody',
      args: [{ syntax: '[file]', about: 'what `statement get` gave' }],
      flags: [
        {
          syntax: '--certificate-authority <file>',
          about: 'PEM: the management authority of the installation at that time (management-ca.pem)',
        },
      ],
      examples: ['caravan statement verify retail.jws --certificate-authority management-ca.pem'],
      run: verify,
    },
  ],
};
