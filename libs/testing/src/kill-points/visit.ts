import {
  closeSiteConnector,
  createConnector,
  createInvitation,
  createInvitationCredential,
  createListener,
  deleteListener,
  deleteMember,
  openSiteListener,
} from '@caravan/api';
import { newKey } from '../installation/index.js';
import type { TestSite } from '../installation/index.js';
import { freePort } from '../ports.js';
import { Asking } from './asking.js';
import type { Effect } from './judging/effects.js';
import { rotated, WHOLE_ROTATION } from './rotating.js';
import { STANDING_ADDRESS } from './stage.js';
import type { Stage } from './stage.js';

/** What a site does on the stage, in this order. */
export const SCENARIOS = [
  ...(['invite', 'join', 'expose'] as const),
  ...(['rotate', 'rotateBackbone', 'rotateInstallation'] as const),
  ...(['conceal', 'remove'] as const),
] as const;
export type Scenario = (typeof SCENARIOS)[number];
/** These concern more than the network of the visit. */
export const OF_MORE: ReadonlySet<Scenario> = new Set(['rotateBackbone', 'rotateInstallation']);
/** Nothing that follows stands on these: without a cell in them they are left out. In them nobody may refuse anybody's certificate. */
export const ROTATIONS: ReadonlySet<Scenario> = new Set(['rotate', ...OF_MORE]);

/** A listener of the site. */
interface Door {
  readonly id: string;
  readonly port: number;
  /** Whether what is said there shall come back. */
  readonly leads: boolean;
}

/** One site's life in the network, from its invitation to its removal, with names that nobody else has. */
export class Visit {
  readonly asking = new Asking();
  site: TestSite | undefined;
  invitationId = '';
  memberId = '';
  /** At the server. */
  connectorId = '';
  removed = false;
  /** To what the server exposes for this visit. */
  own: Door | undefined;
  /** To what always answers. */
  standing: Door | undefined;
  private credential = (): Promise<void> => Promise.resolve();
  private readonly expected = new Map<string, { readonly of: string; readonly events: Record<string, number> }>();

  constructor(
    private readonly stage: Stage,
    readonly name: string,
  ) {}

  /** Everything that the log must say about this visit by now, and nothing else. */
  get effects(): Effect[] {
    return [...this.expected].map(([id, effect]) => ({ id, ...effect }));
  }

  play(scenario: Scenario): Promise<void> {
    return this[scenario]();
  }

  /** The site's processes go; what it is in the network stays. */
  async leave(): Promise<void> {
    await this.site?.stop();
    this.site = undefined;
  }

  /** The member goes too, if it became one: a rotation would wait for it. Says so when it could not be removed. */
  async abandon(): Promise<void> {
    if (!this.memberId || this.removed) return;
    const params = this.member(this.memberId);
    await this.asking
      .write(this.stage.managementApi, deleteMember, { params }, 'MemberRemoved')
      .catch((error: Error) => {
        process.stdout.write(`${this.name} is still a member: ${error.message}\n`);
      });
  }

  /** An invitation for one, and its file. */
  private async invite(): Promise<void> {
    const { stage, asking, name } = this;
    const params = { networkId: stage.network.id };
    const body = { name, instanceLimit: 1 };
    const invitation = await asking.write(stage.managementApi, createInvitation, { params, body }, 'InvitationIssued');
    const { csr, key } = newKey(name);
    const { chain, ...rest } = await asking.write(
      stage.managementApi,
      createInvitationCredential,
      { params: { ...params, invitationId: invitation.id }, body: { csr } },
      'CertificateIssued',
    );
    this.invitationId = invitation.id;
    const asked = ['InvitationListed', 'InvitationIssued', 'InvitationCredentialRequested', 'CertificateIssued'];
    this.expect('the invitation', invitation.id, ...asked);
    const file = { format: 'caravan.invitation', version: 1, ...rest, certificate: { chain, key } } as const;
    this.credential = async () => void (this.site = await stage.scene.site(name, file));
  }

  private async join(): Promise<void> {
    await this.credential();
    const { siteId } = await this.site!.connected();
    this.memberId = siteId ?? '';
    this.expect('the invitation', this.invitationId, 'InvitationClaimed', 'MemberAdmitted');
    this.expect('the member', this.memberId, 'InvitationClaimed', 'MemberAdmitted', 'CertificateIssued');
  }

  /** A connector by the management API, a listener for it by the site's own, and another one by the management API. */
  private async expose(): Promise<void> {
    const { stage, asking, name } = this;
    const connector = await asking.write(
      stage.managementApi,
      createConnector,
      { params: this.member(stage.serverSite.id), body: { address: name, port: stage.echo.port } },
      'ConnectorOpened',
    );
    this.connectorId = connector.id;
    const [ownPort, standingPort] = [await freePort(), await freePort()];
    const own = await asking.write(
      () => this.site?.localApi(),
      openSiteListener,
      { body: { address: name, port: ownPort } },
      'ListenerOpened',
    );
    const standing = await asking.write(
      stage.managementApi,
      createListener,
      { params: this.member(this.memberId), body: { address: STANDING_ADDRESS, port: standingPort } },
      'ListenerOpened',
    );
    this.own = { id: own.id, port: ownPort, leads: true };
    this.standing = { id: standing.id, port: standingPort, leads: true };
    this.expect('the connector', connector.id, 'ConnectorOpened');
    for (const { id } of [own, standing]) this.expect('a listener', id, 'ListenerOpened');
    this.expect('the member', this.memberId, 'ListenerOpened', 'ListenerOpened');
  }

  /** The authorities of the network are replaced, and with them the certificate of each member. */
  private async rotate(): Promise<void> {
    this.expect('the rotation', await rotated(this.stage, this.asking, 'network'), ...WHOLE_ROTATION);
    this.expect('the member', this.memberId, 'MemberCertificateRequested', 'CertificateIssued');
  }

  /** Those of the backbone are: its members keep what they have. */
  private async rotateBackbone(): Promise<void> {
    this.expect('the rotation', await rotated(this.stage, this.asking, 'backbone'), ...WHOLE_ROTATION);
  }

  /** Root and management authority are, and after them those of the backbone, and of the network. */
  private async rotateInstallation(): Promise<void> {
    this.expect('the rotation', await rotated(this.stage, this.asking, 'installation'), ...WHOLE_ROTATION);
    this.expect('the member', this.memberId, 'MemberCertificateRequested', 'CertificateIssued');
  }

  /** The listener goes by the management API, the connector by the server's own. */
  private async conceal(): Promise<void> {
    const { stage, asking, own } = this;
    const listenerId = own!.id;
    const params = { ...this.member(this.memberId), listenerId };
    await asking.write(stage.managementApi, deleteListener, { params }, 'ListenerClosed');
    const { connectorId } = this;
    const server = () => stage.serverSite.site.localApi();
    await asking.write(server, closeSiteConnector, { params: { connectorId } }, 'ConnectorClosed');
    this.own = { ...own!, leads: false };
    this.expect('the connector', connectorId, 'ConnectorClosed');
    this.expect('a listener', listenerId, 'ListenerClosed');
    this.expect('the member', this.memberId, 'ListenerClosed');
  }

  private async remove(): Promise<void> {
    const { stage, asking, memberId } = this;
    await asking.write(stage.managementApi, deleteMember, { params: this.member(memberId) }, 'MemberRemoved');
    this.standing = { ...this.standing!, leads: false };
    this.removed = true;
    this.expect('a listener', this.standing.id, 'ListenerClosed');
    this.expect('the member', memberId, 'ListenerClosed', 'MemberRemoved', 'InvitationMemberGone');
    this.expect('the invitation', this.invitationId, 'MemberRemoved', 'InvitationMemberGone');
  }

  private member(memberId: string) {
    return { networkId: this.stage.network.id, memberId };
  }

  private expect(of: string, id: string, ...types: readonly string[]): void {
    const events: Record<string, number> = this.expected.get(id)?.events ?? {};
    for (const type of types) events[type] = (events[type] ?? 0) + 1;
    this.expected.set(id, { of, events });
  }
}
