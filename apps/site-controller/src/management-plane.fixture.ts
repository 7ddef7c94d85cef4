import type { Item } from '@caravan/data-plane';
import { keyOf } from '@caravan/data-plane';
import type { CertificateReply, JoinReply, ProtocolError, Report, SiteCommand, SyncReply } from '@caravan/events';
import { CAPABILITY, reportSchema, subjectId, syncRequestSchema } from '@caravan/events';
import type { Identity } from '@caravan/pki';
import type { NatsConnection } from '@nats-io/transport-node';
import type { TestManagement } from './control/management.fixture.js';
import { INSTALLATION } from './testing.fixture.js';
import type { Term } from './testing.fixture.js';

export const refusal = (code: string, retry: 'later' | 'never'): ProtocolError => ({
  error: { code, detail: `refused: ${code}`, retry },
});

/** The management side of the site protocol, played by a few lines; every answer can be replaced. */
export class FakeManagementPlane {
  /** CSRs, in the order in which they were asked with. */
  readonly asked: { subject: string; csr: string; recovery: unknown; name: unknown; details: unknown }[] = [];
  readonly certificatesAsked: { itemId: string; ordinal: number; csr: string }[] = [];
  readonly syncs: number[] = [];
  readonly reports: Report[] = [];
  readonly reportedBy = new Map<string, Report[]>();
  readonly commands: SiteCommand[] = [];
  items: Item[] = [];
  /** What is desired of a site; `items` for all that are not told apart. */
  itemsOf: (siteId: string) => Item[] = () => this.items;
  revision = 7;
  /** What it says that it knows of the site protocol; undefined: the first version said nothing. */
  capability: number | undefined = CAPABILITY;
  join: (siteId: string, csr: string) => JoinReply | ProtocolError | undefined = () => refusal('join.unset', 'never');
  certificate: (itemId: string, csr: string, siteId: string) => CertificateReply | ProtocolError = () =>
    refusal('unset', 'never');
  command: (command: SiteCommand) => object = () => refusal('command.unset', 'never');
  private service: NatsConnection | undefined;

  constructor(private readonly management: TestManagement) {}

  async start(): Promise<void> {
    await this.stop();
    const service = (this.service = await this.management.service());
    const answer = (
      pattern: string,
      reply: (question: Record<string, unknown>, subject: string) => object | undefined,
    ) =>
      service.subscribe(pattern, {
        callback: (_, message) => {
          const result = reply(message.json(), message.subject);
          if (result) message.respond(JSON.stringify(result));
        },
      });
    const joining = (question: Record<string, unknown>, subject: string) => {
      const csr = String(question['csr']);
      const { recovery, name, details } = question;
      this.asked.push({ subject, csr, recovery, name, details });
      return this.join(subjectId(subject), csr);
    };
    answer('caravan.claim.*', joining);
    answer('caravan.site.*.enrol', joining);
    answer('caravan.site.*.sync', (question, subject) =>
      this.sync(subjectId(subject), syncRequestSchema.parse(question).revision),
    );
    answer('caravan.site.*.report', (question, subject) => {
      const report = reportSchema.parse(question);
      this.reports.push(report);
      this.reportedBy.set(subjectId(subject), [...(this.reportedBy.get(subjectId(subject)) ?? []), report]);
      return { ok: true };
    });
    answer('caravan.site.*.certificate', (question, subject) => {
      const { itemId, ordinal, csr } = question as (typeof this.certificatesAsked)[number];
      this.certificatesAsked.push({ itemId, ordinal, csr });
      return this.certificate(itemId, csr, subjectId(subject));
    });
    answer('caravan.site.*.command', (question) => {
      this.commands.push(question as SiteCommand);
      return this.command(question as SiteCommand);
    });
    await service.flush();
  }

  /** Every site is asked to look; `silently`: the nudge is lost. */
  async desire(siteId: string, items: Item[], { silently = false } = {}): Promise<void> {
    this.items = items;
    this.revision++;
    if (!silently) this.service?.publish(`caravan.site.${siteId}.nudge`, JSON.stringify({ revision: this.revision }));
    await this.service?.flush();
  }

  async stop(): Promise<void> {
    await this.service?.close();
    this.service = undefined;
  }

  /** Admits as the member `siteId` of `networkId`, with what it needs to come back. */
  admitMember(networkId: string, siteId: string, items: Item[], term?: Term): (id: string, csr: string) => JoinReply {
    const identity: Identity = { kind: 'member', installation: INSTALLATION, networkId, memberId: siteId };
    const { authorities } = this.management;
    return (_, csr) =>
      this.admitted(siteId, networkId, authorities.sign('member', csr, identity, undefined, term), items);
  }

  admitBackboneSite(backboneId: string, siteId: string, items: Item[]): (id: string, csr: string) => JoinReply {
    const identity: Identity = { kind: 'backbone-site', installation: INSTALLATION, backboneId, siteId };
    return (_, csr) =>
      this.admitted(siteId, null, this.management.authorities.sign('backboneSite', csr, identity), items);
  }

  private admitted(siteId: string, networkId: string | null, chain: string[], items: Item[]): JoinReply {
    const certificateId = '0198c0de-0000-7000-8000-00000000cccc';
    return { status: 'admitted', siteId, name: 'hq', networkId, certificateId, chain, items };
  }

  private sync(siteId: string, revision: number): SyncReply {
    this.syncs.push(revision);
    const capability = this.capability === undefined ? {} : { capability: this.capability };
    if (revision === this.revision) return { ...capability, kind: 'delta', revision, items: [], removed: [] };
    const items = this.itemsOf(siteId).map((item) => ({ key: keyOf(item), revision: this.revision, item }));
    return { ...capability, kind: 'snapshot', revision: this.revision, items, removed: [] };
  }
}
