import { Controller, Inject } from '@nestjs/common';
import { getCertificate, listAuthorities, listCertificates, renewCertificate } from '@caravan/api';
import type { Authority, Certificate } from '@caravan/api';
import type { Holder } from '@caravan/events';
import { assertNever, Rejection } from '@caravan/event-store';
import type { CommandMetadata } from '@caravan/event-store';
import { parseIdentity } from '@caravan/pki';
import { CLOCK } from '@caravan/platform';
import type { Clock } from '@caravan/platform';
import { In } from 'typeorm';
import { Written } from '../api/answer.interceptor.js';
import { Handle, TheCall } from '../api/handle.js';
import type { Call } from '../api/handle.js';
import { Deciders } from '../deciding/deciders.js';
import { ReadModels } from '../read-models/read-models.js';
import { lastRotations, phaseOfAuthority } from './authority-phase.js';
import type { AuthorityRow } from './authority.projection.js';
import { phasesOf } from './certificate-phases.js';
import type { CertificateRow } from './certificate.projection.js';
import { Holdings } from './holdings.js';
import { BREAKS_WITHOUT, BREAKS_WITHOUT_AUTHORITY } from './what-breaks.js';

type Owned = Pick<AuthorityRow, 'networkId' | 'backboneId'>;

@Controller()
export class CertificatesController {
  constructor(
    private readonly readModels: ReadModels,
    private readonly deciders: Deciders,
    @Inject(Holdings) private readonly holdings: Pick<Holdings, 'of'>,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Handle(listAuthorities)
  async authorities(@TheCall() { query: { networkId, backboneId, ...page } }: Call<typeof listAuthorities>) {
    const where = { ...(networkId && { networkId }), ...(backboneId && { backboneId }) };
    const { items, next } = await this.readModels.authorities.page(where, page);
    return { items: await this.described(items), next };
  }

  @Handle(listCertificates)
  async list(@TheCall() { query: { holderKind, holderId, issuerId, ...page } }: Call<typeof listCertificates>) {
    const where = {
      ...(holderKind && { holderKind: holderKind as Holder['kind'] }),
      ...(holderId && { holderId }),
      ...(issuerId && { issuerId }),
    };
    const { items, next } = await this.readModels.certificates.page(where, page);
    return { items: await this.withPhases(items), next };
  }

  /** The site hears of it by its desired state, and asks when it is there. */
  @Handle(renewCertificate)
  async renew(@TheCall() { params: { certificateId }, metadata }: Call<typeof renewCertificate>) {
    const row = await this.find(certificateId);
    const { holderKind, holderId } = row;
    const ordinal = row.ordinal + 1;
    const ofHolder = await this.readModels.certificates.all({ holderKind, holderId });
    if (ofHolder.some((other) => other.identity === row.identity && other.ordinal >= ordinal)) {
      const detail = 'There is a newer certificate of this holder: renew that.';
      throw new Rejection('certificate.superseded', { detail, ordinal: row.ordinal });
    }
    const position = await this.require(row, ordinal, metadata);
    return new Written(position, () => Promise.resolve({ certificateId, holderKind, holderId, ordinal }));
  }

  @Handle(getCertificate)
  async get(@TheCall() { params: { certificateId } }: Call<typeof getCertificate>) {
    const [certificate] = await this.withPhases([await this.find(certificateId)]);
    return certificate!;
  }

  private async find(certificateId: string): Promise<CertificateRow> {
    const row = await this.readModels.certificates.find({ id: certificateId });
    if (!row) throw new Rejection('certificate.unknown', { certificateId });
    return row;
  }

  private async withPhases(rows: readonly CertificateRow[]): Promise<Certificate[]> {
    const phases = await phasesOf(rows, this.readModels, this.clock.now());
    return rows.map(({ createdPosition: _, ...row }) => ({
      ...row,
      phase: phases.get(row.id)!,
      breaks: BREAKS_WITHOUT[row.holderKind],
    }));
  }

  private async described(rows: readonly AuthorityRow[]): Promise<Authority[]> {
    const now = this.clock.now();
    const ids = rows.map(({ id }) => id);
    const [holds, rotations, requests] = await Promise.all([
      this.holdings.of(ids, now),
      this.readModels.rotations.all({}),
      this.readModels.authorityRequests.all({ id: In(ids) }),
    ]);
    const last = lastRotations(rotations);
    const isGone = await this.gone(rows);
    const issuers = new Map(requests.map(({ id, issuer }) => [id, issuer]));
    return rows.map(({ createdPosition: _, ...row }) => ({
      ...row,
      phase: phaseOfAuthority(row, last, now, isGone(row)),
      signedBy: row.kind === 'root' ? 'itself' : (issuers.get(row.id) ?? 'internal'),
      holds: [...(holds.get(row.id) ?? [])],
      breaks: BREAKS_WITHOUT_AUTHORITY[row.kind],
    }));
  }

  /** Whether the network of an authority was deleted or revoked or is over, or its backbone deleted. */
  private async gone(rows: readonly AuthorityRow[]): Promise<(row: Owned) => boolean> {
    const idsOf = (of: 'networkId' | 'backboneId') => In([...new Set(rows.flatMap((row) => row[of] ?? []))]);
    const [networks, backbones] = await Promise.all([
      this.readModels.networks.all({ id: idsOf('networkId') }),
      this.readModels.backbones.all({ id: idsOf('backboneId') }),
    ]);
    const going = networks.filter((network) =>
      [network.endedAt, network.revokedAt, network.deletedAt].every((each) => each === null),
    );
    const there = new Set([...going, ...backbones].map(({ id }) => id));
    return ({ networkId, backboneId }) => [networkId, backboneId].some((id) => id !== null && !there.has(id));
  }

  private async require(row: CertificateRow, ordinal: number, metadata: CommandMetadata): Promise<number> {
    const identity = row.identity === null ? undefined : parseIdentity(row.identity);
    const what = { ordinal, metadata };
    switch (identity?.kind) {
      case 'member': {
        const { memberId } = identity;
        return (await this.deciders.member({ type: 'RequireMemberCertificate', memberId, ...what })).position;
      }
      case 'backbone-site': {
        const { siteId, backboneId } = identity;
        const site = await this.readModels.backboneSites.find({ id: siteId });
        if (!site) throw notRenewable('Its site was removed.');
        const command = { type: 'RequireSiteCertificate', siteId, backboneId, ...what } as const;
        return (await this.deciders.backboneSite(command)).position;
      }
      case 'access-point': {
        const { accessPointId, backboneId } = identity;
        const accessPoint = await this.readModels.accessPoints.find({ id: accessPointId });
        if (!accessPoint) throw notRenewable('Its access point was removed.');
        const of = { siteId: accessPoint.siteId, backboneId, accessPointId };
        const command = { type: 'RequireAccessPointCertificate', ...of, ...what } as const;
        return (await this.deciders.backboneSite(command)).position;
      }
      case 'manage-link': {
        const { siteId, backboneId } = identity;
        const command = { type: 'RequireManageLinkCertificate', siteId, backboneId, ...what } as const;
        return (await this.deciders.managementSite(command)).position;
      }
      case 'claim':
        throw notRenewable(
          'Its key is wherever the invitation was downloaded: download it again, with caravan invite.',
        );
      case 'bootstrap':
        throw notRenewable('A bundle is used once: download another one, with caravan bundle.');
      case 'service':
      case 'management-site':
      case 'administrator':
      case undefined:
        throw notRenewable('It is a file, which is renewed by itself or by cert-service init.');
      default:
        return assertNever(identity);
    }
  }
}

const notRenewable = (detail: string): Rejection => new Rejection('certificate.not-renewable', { detail });
