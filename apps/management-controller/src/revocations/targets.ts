import type { Holder, RevocationTarget } from '@caravan/events';
import { assertNever, Rejection } from '@caravan/event-store';
import { parseIdentity } from '@caravan/pki';
import type { Clock } from '@caravan/platform';
import type { CertificateRow } from '../certificates/certificate.projection.js';
import { requireNetwork } from '../networks/network-resource.js';
import type { ReadModels } from '../read-models/read-models.js';
import type { RunningRevocations } from './running-revocations.js';

/** An item of a site carries 4,096 (`revoked` in libs/data-plane); the rest is for whoever asks at the same moment. */
const MOST_AT_ONE_PLACE = 4_000;

interface Found {
  readonly target: RevocationTarget;
  /** What it is called. */
  readonly name: string;
}
interface Place {
  readonly holder: Holder;
  /** Null: at the API. */
  readonly backboneId: string | null;
}

/** What somebody wants revoked, with all that whoever enforces it has to know. */
export class Targets {
  constructor(
    private readonly readModels: ReadModels,
    private readonly revocations: Pick<RunningRevocations, 'countBeside'>,
    private readonly clock: Clock,
  ) {}

  /** @throws Rejection `<kind>.unknown`, `certificate.not-revocable` */
  async find(kind: RevocationTarget['kind'], id: string): Promise<Found> {
    switch (kind) {
      case 'certificate':
        return this.#certificate(id);
      case 'member': {
        const member = await this.readModels.members.find({ id });
        const network = member && (await this.readModels.networks.find({ id: member.networkId }));
        if (!network) throw new Rejection('member.unknown', { memberId: id });
        const { id: networkId, backboneId } = network;
        return { target: { kind, memberId: id, networkId, backboneId }, name: member.name };
      }
      case 'network': {
        const network = await requireNetwork(this.readModels, id);
        return { target: { kind, networkId: id, backboneId: network.backboneId }, name: network.name };
      }
      case 'backbone-site': {
        const site = await this.readModels.backboneSites.find({ id });
        if (!site) throw new Rejection('backbone-site.unknown', { siteId: id });
        return { target: { kind, siteId: id, backboneId: site.backboneId }, name: site.name };
      }
      default:
        return assertNever(kind);
    }
  }

  async #certificate(id: string): Promise<Found> {
    const row = await this.readModels.certificates.find({ id });
    if (!row) throw new Rejection('certificate.unknown', { certificateId: id });
    const { issuerId, serial, fingerprint, notAfter, subject: name } = row;
    if (Date.parse(notAfter) <= this.clock.now().getTime()) {
      const says = `It was over at ${notAfter}: nobody accepts it any more.`;
      const recovers =
        row.holderKind === 'member'
          ? ' Its key may still be used to come back (RECOVERY_SECONDS): revoke the member.'
          : '';
      throw notRevocable(says + recovers);
    }
    const place = await this.#placeOf(row);
    if (this.revocations.countBeside(place.holder, this.clock.now()) >= MOST_AT_ONE_PLACE) {
      throw notRevocable(
        `${MOST_AT_ONE_PLACE} certificates are refused there already, as many as a relay is told: rotate the authority that signed them, which takes all of them out of use.`,
      );
    }
    return {
      target: { kind: 'certificate', certificateId: id, ...place, issuerId, serial, fingerprint, notAfter },
      name,
    };
  }

  async #placeOf({ identity: uri }: CertificateRow): Promise<Place> {
    const identity = uri === null ? undefined : parseIdentity(uri);
    switch (identity?.kind) {
      case 'claim':
      case 'member': {
        const { installation: _, ...holder } = identity;
        const network = await this.readModels.networks.find({ id: holder.networkId });
        if (!network || network.deletedAt !== null)
          throw notRevocable('Its network is gone: nobody accepts it any more.');
        return { holder, backboneId: network.backboneId };
      }
      case 'backbone-site':
      case 'bootstrap':
      case 'manage-link': {
        const { installation: _, ...holder } = identity;
        return { holder, backboneId: holder.backboneId };
      }
      case 'access-point': {
        const { installation: _, ...holder } = identity;
        const accessPoint = await this.readModels.accessPoints.find({ id: holder.accessPointId });
        if (!accessPoint) throw notRevocable('Its access point was removed: nobody dials it any more.');
        return { holder: { ...holder, siteId: accessPoint.siteId }, backboneId: holder.backboneId };
      }
      case 'administrator': {
        const { installation: _, ...holder } = identity;
        return { holder, backboneId: null };
      }
      case 'service':
      case 'management-site':
      case undefined:
        throw notRevocable(
          'It is one of the management plane itself, which no relay is shown: caravan rotate installation replaces its key, and ends what it stands on.',
        );
      default:
        return assertNever(identity);
    }
  }
}

const notRevocable = (detail: string): Rejection => new Rejection('certificate.not-revocable', { detail });
