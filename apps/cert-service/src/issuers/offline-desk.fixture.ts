import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { AuthorityCertificateBrought, authorityCertificateStream } from '@caravan/events';
import { describeCertificate, splitChain } from '@caravan/pki';
import { OwnRoot } from '@caravan/testing/servers';
import type { Signing } from '@caravan/testing/servers';
import type { TestInstallation } from '../installation.fixture.js';
import type { AuthorityRequest } from './issuer.js';

/** An administrator whose root's key is in a drawer: looks what is asked for, signs it there, and brings it. */
export class OfflineDesk {
  readonly own = new OwnRoot();

  constructor(
    private readonly at: TestInstallation,
    private readonly signing: Signing = {},
  ) {
    this.own.make();
    this.own.makeBelow();
  }

  /** Both halves of a first start. */
  async init(): Promise<void> {
    const root = ['--root-certificate', this.own.at('root.pem'), '--offline'];
    const refused = await this.at.init(this.at.directory, this.at.environment(), root).catch((error: Error) => error);
    if (!(refused instanceof Error)) throw new Error('nobody asked for the signature of the root');
    const csr = readFileSync(join(this.at.directory, 'management-ca-1.csr'), 'utf8');
    writeFileSync(this.own.at('management.pem'), this.signed(csr).join(''));
    await this.at.init(this.at.directory, this.at.environment(), ['--signed', this.own.at('management.pem')]);
  }

  /** What was asked for an authority of that kind. */
  async asked(kind: AuthorityRequest['kind']): Promise<AuthorityRequest> {
    const { rows } = await this.at.pool.query<{ event: AuthorityRequest }>('select event from authority_requests');
    const found = rows.find(({ event }) => event.kind === kind);
    if (!found) throw new Error(`no ${kind} authority was asked for`);
    return found.event;
  }

  /** Whatever is asked for now. */
  async sign(): Promise<void> {
    const { rows } = await this.at.pool.query<{ event: AuthorityRequest }>(
      'select event from authority_requests r where not exists (select from authorities a where a.authority_id = r.authority_id)',
    );
    for (const { event } of rows) await this.bring(event, this.signed(event.csr));
  }

  /** Of a text that somebody signed, as the management controller records it. */
  async bring({ authorityId }: AuthorityRequest, [certificate, ...intermediates]: readonly string[]): Promise<void> {
    const { fingerprint } = describeCertificate(certificate!);
    const brought = { authorityId, certificate: certificate!, intermediates, fingerprint };
    await this.at.append(authorityCertificateStream(authorityId), AuthorityCertificateBrought(brought));
  }

  signed(csr: string, signing = this.signing): string[] {
    const [certificate] = splitChain(this.own.sign(csr, signing));
    return signing.by === 'sub'
      ? [certificate!, ...splitChain(readFileSync(this.own.at('sub.pem'), 'utf8'))]
      : [certificate!];
  }

  async close(): Promise<void> {
    this.own.remove();
  }
}
