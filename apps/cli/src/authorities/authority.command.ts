import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { bringAuthorityCertificate } from '@caravan/api';
import type { AuthorityRequest } from '@caravan/api';
import type { CommandSpec, Invocation } from '../command.js';
import { usageError } from '../failures/cli-error.js';
import { idOf } from '../kinds/kind.js';
import { kindOf } from '../kinds/kinds.js';
import { textOption } from '../options.js';
import { machineText } from '../output/format.js';
import { findOne } from '../resources/find-one.js';
import { requiredRef } from '../resources/verb.js';
import { certificatesIn } from './certificates-of.js';

const KIND = kindOf('authority-request');
const ref = { syntax: '[ref]', about: 'management, backbone/<backbone>, network/<network>, or an id' };

/** What whoever signs has to put into the certificate, in the words of OpenSSL. */
const extensionsOf = ({ pathLength }: AuthorityRequest): string =>
  `basicConstraints=critical,CA:TRUE,pathlen:${pathLength} and keyUsage=critical,keyCertSign,cRLSign`;

const request = async (invocation: Invocation): Promise<void> => {
  const { options, output, terminal, connect } = invocation;
  const api = await connect();
  const { item } = await findOne(api, KIND, requiredRef(invocation, KIND, 'authority request'), options);
  const asked = item as AuthorityRequest;
  const file = textOption(options, 'out');
  if (file !== undefined) await writeFile(path.resolve(terminal.cwd, file), asked.csr);
  const machine = machineText(output, asked);
  if (machine !== undefined) return terminal.out(machine);
  if (file === undefined) terminal.out(asked.csr);
  const until = asked.until === null ? '' : `, valid until ${asked.until} at the latest`;
  terminal.err(`To be signed with ${extensionsOf(asked)}${until}. Then: caravan authority certify <ref> <file>\n`);
};

const certify = async (invocation: Invocation): Promise<void> => {
  const { args, options, output, terminal, connect } = invocation;
  const named = requiredRef(invocation, KIND, 'authority certify');
  const file = args[1];
  if (file === undefined) {
    const what = 'Which file has the certificate that was signed?';
    throw usageError('cli.missing-file', what, `caravan authority certify ${named} <file>`);
  }
  const certificates = await certificatesIn(path.resolve(terminal.cwd, file), file);
  const api = await connect();
  const { item } = await findOne(api, KIND, named, options);
  const body = { certificates };
  const brought = await api.call(bringAuthorityCertificate, {
    ...{ params: { requestId: idOf(item) }, body, idempotencyKey: terminal.newId() },
  });
  const says = `The certificate of ${brought.subject} fits its request; what waited for it goes on.\n`;
  terminal.out(machineText(output, brought) ?? says);
};

export const authorityCommand: CommandSpec = {
  name: 'authority',
  about: 'Authorities whose certificates are signed elsewhere',
  examples: [
    'caravan authority request backbone/demo --out demo.csr',
    'caravan authority certify backbone/demo demo.pem',
  ],
  subcommands: [
    {
      name: 'request',
      about: 'Print what is to be signed, or write it to a file',
      args: [ref],
      flags: [{ syntax: '--out <file>', about: 'where to write it' }],
      examples: ['caravan authority request backbone/demo --out demo.csr'],
      run: request,
    },
    {
      name: 'certify',
      about: 'Bring the certificate that was signed, with what stands between it and the root',
      args: [ref, { syntax: '[file]', about: 'PEM certificates, in any order' }],
      examples: ['caravan authority certify backbone/demo demo.pem'],
      run: certify,
    },
  ],
};
