import { Controller, Inject } from '@nestjs/common';
import { planRevocation, planRotation } from '@caravan/api';
import type { RevocationPlan, RotationPlan } from '@caravan/api';
import { rotationPhases } from '@caravan/events';
import type { RotationOwner } from '@caravan/events';
import { Rejection } from '@caravan/event-store';
import { CLOCK, derivedId, installationOwnerId } from '@caravan/platform';
import type { Clock } from '@caravan/platform';
import { Handle, TheCall } from '../api/handle.js';
import type { Call } from '../api/handle.js';
import { Holdings } from '../certificates/holdings.js';
import { Directory } from '../directory/directory.js';
import { reachable } from '../directory/who.js';
import { INSTALLATION } from '../installation.js';
import { ReadModels } from '../read-models/read-models.js';
import { SiteSightings } from '../reports/site-sightings.js';
import { enforcersOf } from '../revocations/enforcers.js';
import { Targets } from '../revocations/targets.js';
import { concernOf } from '../rotations/concern.js';
import { affectedSites } from './affected-sites.js';
import { whatEnds, WAY_BACK } from './revocation-plan.js';
import { abilityFor, belowOf, renewedOf, rootToBring, signaturesFor, worthlessAfter } from './rotation-plan.js';

/** All sites, when nats-server gets another root: trust, its own certificate, the old root gone. */
const RECONNECTS_OF_A_ROOT = 3;

/** What a rotation or a revocation would do: seen with the same eyes as what it does, and nothing done. */
@Controller()
export class PlansController {
  constructor(
    private readonly readModels: ReadModels,
    private readonly directory: Directory,
    @Inject(SiteSightings) private readonly sightings: Pick<SiteSightings, 'lastHeard'>,
    @Inject(Holdings) private readonly holdings: Pick<Holdings, 'of'>,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(INSTALLATION) private readonly installation: string,
  ) {}

  @Handle(planRevocation)
  async revocation(@TheCall() { query: { kind, id } }: Call<typeof planRevocation>): Promise<RevocationPlan> {
    const targets = new Targets(this.readModels, this.directory.revocations, this.clock);
    const { target, name } = await targets.find(kind, id);
    const { sites, capability = 1 } = enforcersOf(target, this.directory);
    const known = await this.readModels.revocations.find({ id: derivedId('revocation', kind, id) });
    const ability = { capability, without: 'it lets it in until it is updated' };
    return {
      ...{ targetKind: kind, targetId: id, name, revoked: known !== null },
      enforcers: await affectedSites(this.#reachable(sites), ability, this.#seen()),
      ends: await whatEnds(target, name, { models: this.readModels, directory: this.directory, now: this.clock.now() }),
      wayBack: WAY_BACK[kind],
    };
  }

  @Handle(planRotation)
  async rotation(@TheCall() { query: { kind, id } }: Call<typeof planRotation>): Promise<RotationPlan> {
    const { owner, ownerId } = await this.#owner(kind, id);
    const running = this.directory.rotations.of(ownerId);
    const newest = await this.#newest(owner);
    if (newest.length === 0)
      throw new Rejection('rotation.too-early', { detail: `The ${kind} has no authorities yet.` });
    const now = this.clock.now();
    const held = await this.holdings.of(
      newest.map((authority) => authority.id),
      now,
    );
    const ordinal = running?.ordinal ?? Math.max(...newest.map((authority) => authority.ordinal)) + 1;
    const ability = abilityFor(owner.kind);
    const phases = rotationPhases.map(async (phase) => {
      const { sites } = concernOf({ owner, phase }, this.directory);
      return { phase, sites: await affectedSites(this.#reachable(sites), ability, this.#seen()) };
    });
    return {
      ownerKind: owner.kind,
      backboneId: 'backboneId' in owner ? owner.backboneId : null,
      networkId: 'networkId' in owner ? owner.networkId : null,
      ordinal,
      underWay: running !== undefined,
      phases: await Promise.all(phases),
      renewed: renewedOf(held.values()),
      worthless: await worthlessAfter(owner, this.readModels),
      below: await belowOf(owner, this.readModels, now),
      signatures: [...rootToBring(owner, ordinal, this.directory), ...(await signaturesFor(owner, this.readModels))],
      reconnects: owner.kind === 'installation' ? RECONNECTS_OF_A_ROOT : 0,
    };
  }

  #reachable(sites: readonly string[]): string[] {
    return reachable(this.directory, sites, this.clock.now());
  }

  #seen() {
    const { sightings, readModels: models, directory } = this;
    return { sightings, models, directory, now: this.clock.now() };
  }

  async #owner(kind: RotationOwner['kind'], id = ''): Promise<{ owner: RotationOwner; ownerId: string }> {
    if (kind === 'installation') return { owner: { kind }, ownerId: installationOwnerId(this.installation) };
    if (id === '')
      throw new Rejection('request.invalid', { detail: `id: the ${kind} whose authorities would be rotated` });
    const { backbones, networks } = this.readModels;
    const found = await (kind === 'backbone' ? backbones : networks).find({ id });
    if (!found) throw new Rejection(`${kind}.unknown`, { [`${kind}Id`]: id });
    if (!('startsAt' in found)) return { owner: { kind: 'backbone', backboneId: id }, ownerId: id };
    const { backboneId, startsAt, endsAt } = found;
    return { owner: { kind: 'network', networkId: id, backboneId, startsAt, endsAt }, ownerId: id };
  }

  /** The lowest authorities, which hold what is renewed: of the newest ordinal. */
  async #newest(owner: RotationOwner) {
    const { authorities } = this.readModels;
    const all =
      owner.kind === 'network'
        ? [
            ...(await authorities.all({ kind: 'claim', networkId: owner.networkId })),
            ...(await authorities.all({ kind: 'member', networkId: owner.networkId })),
          ]
        : owner.kind === 'backbone'
          ? await authorities.all({ kind: 'infrastructure', backboneId: owner.backboneId })
          : await authorities.all({ kind: 'management' });
    const ordinal = Math.max(0, ...all.map((authority) => authority.ordinal));
    return all.filter((authority) => authority.ordinal === ordinal);
  }
}
