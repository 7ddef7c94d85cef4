import { BOOTSTRAP_CERTIFICATE, CLAIM_CERTIFICATE, SITE_CERTIFICATE } from '@caravan/data-plane';
import { CAPABILITY, claimSubject, joinReplySchema, siteSubject } from '@caravan/events';
import type { ClaimRequest, JoinReply, Recovery } from '@caravan/events';
import { killPoint } from '@caravan/kill-points';
import { importPrivateKey, proveFormerKey } from '@caravan/pki';
import { installed } from '../certificates/index.js';
import type { HeldCertificate, KeyRequest } from '../certificates/index.js';
import { ask, ManagementAway, ManagementRefusal } from '../control/index.js';
import type { ControlLink } from '../control/index.js';
import { desiredFrom } from '../desired-state/index.js';
import type { Log } from '../log.js';
import { comeAgainAfter, comeAgainWhileAwaited, DEFAULT_BACK_OFF, delayAfter, Waiting } from '../pacing/index.js';
import type { BackOff } from '../pacing/index.js';
import type { Troubles } from '../troubles.js';
import { admissionOf } from './admission.js';
import type { Held } from './held.js';
import { after, nextStep } from './joining.js';
import type { Admission, Fact, Joining, Origin, Refusal, Step } from './joining.js';
import { AwaitsApproval, NotStarted, overSince, termOf } from './term.js';
import type { Term } from './term.js';

export interface JoinerOptions {
  readonly state: Held;
  readonly control: ControlLink;
  readonly troubles: Troubles;
  readonly log: Log;
  readonly backOff?: BackOff;
}

/** How often the way in must have failed before the clock of this machine is believed that the file is too old; some seconds. */
const TRIES_WHEN_OVER = 6;

/** It is let in by what it has. */
const isNotDue = (error: unknown): boolean =>
  error instanceof ManagementRefusal && error.code === 'certificate.not-due';

type Asking = Extract<Step, { step: 'ask' }>;

/** What a site speaks with before it has a certificate of its own. */
export const certificateFor = ({ role }: Origin): string =>
  role === 'member' ? CLAIM_CERTIFICATE : BOOTSTRAP_CERTIFICATE;

/** By what it was known, and that it was: the request of now, signed with the key of then. */
const recoveryBy = ({ chain, key }: HeldCertificate, csr: string): Recovery => ({
  certificate: chain[0] ?? '',
  proof: proveFormerKey(csr, importPrivateKey(key)),
});

/** Takes a site from its file to its certificate, step by step; each is on disk before the next one begins. */
export class Joiner {
  private readonly waiting = new Waiting();
  /** Before the next question. */
  private pauseMs = 0;
  private failures = 0;
  /** Since when it waits for somebody's approval, by a clock that nobody sets. */
  private awaitsSince: number | undefined;

  constructor(private readonly options: JoinerOptions) {
    options.control.onChange((connected) => {
      if (!connected) return;
      // What failed was the way there: whoever waited for a network to start must not go on with the long pauses of that time.
      this.failures = 0;
      this.waiting.wake();
    });
  }

  /** Resolves once it has joined or was refused for ever; undefined when it was stopped before. */
  async run(): Promise<Extract<Joining, { status: 'joined' | 'refused' }> | undefined> {
    const { journal } = this.options.state;
    while (!this.waiting.ended) {
      const { joining } = journal;
      if (!joining) throw new Error('there is nothing to join yet');
      if (joining.status === 'joined' || joining.status === 'refused') return joining;
      const fact = await this.perform(nextStep(joining));
      if (!fact) return undefined;
      const next = after(joining, fact);
      if (killPoint) await killPoint('joining.stepped', next.status);
      await journal.write(next);
      if (killPoint) await killPoint('joining.written', next.status);
      this.options.log.info({ step: next.status }, 'a step of joining is done');
    }
    return undefined;
  }

  stop(): void {
    this.waiting.end();
  }

  private async perform(step: Step): Promise<Fact | undefined> {
    switch (step.step) {
      case 'make-key':
        await this.request();
        return { fact: 'KeyMade' };
      case 'ask':
        return this.askUntilAnswered(step);
      case 'install':
        return this.install(step.admission);
      case 'none':
        return undefined;
    }
  }

  /** `later` is asked again for ever; `never` and an admission are facts, and so is the first `pending`. */
  private async askUntilAnswered({ origin, awaited }: Asking): Promise<Fact | undefined> {
    const { troubles, log, backOff = DEFAULT_BACK_OFF } = this.options;
    for (;;) {
      await this.waiting.pause(this.pauseMs);
      if (this.waiting.ended) return undefined;
      try {
        const reply = await this.ask(origin);
        if (reply.status === 'pending' && reply.awaits) {
          troubles.set('joining', new AwaitsApproval(origin), new Date());
          this.failures = 0;
          const waitedMs = performance.now() - (this.awaitsSince ??= performance.now());
          this.pauseMs = comeAgainWhileAwaited(reply.retryAfterMs, waitedMs) * (1 + Math.random() / 4);
          continue;
        }
        troubles.clear('joining');
        if (reply.status === 'admitted')
          return { fact: 'Admitted', admission: this.usable(admissionOf(origin, reply)) };
        this.failures = 0;
        this.pauseMs = comeAgainAfter(reply.retryAfterMs) * (1 + Math.random() / 4);
        if (!awaited) return { fact: 'AdmissionAwaited', siteId: reply.siteId };
      } catch (error) {
        const now = new Date();
        this.failures++;
        if (origin.recovers && isNotDue(error)) return { fact: 'NotNeeded' };
        const { trouble, refusal } = this.judge(error, origin, now);
        if (refusal) {
          log.error({ code: refusal.code, reason: refusal.detail }, 'joining was refused');
          return { fact: 'Refused', refusal, at: now.toISOString() };
        }
        troubles.set('joining', trouble, now);
        this.pauseMs = delayAfter(this.failures, backOff, Math.random());
      }
    }
  }

  /** What an error means: the certificate that this site came with says why nobody lets it in, or that nobody ever will. */
  private judge(error: unknown, origin: Origin, now: Date): { readonly trouble: unknown; readonly refusal?: Refusal } {
    if (error instanceof ManagementRefusal && error.retry === 'never') {
      return { trouble: error, refusal: { code: error.code, detail: error.message } };
    }
    if (!(error instanceof ManagementAway)) return { trouble: error };
    const term = this.termOf(origin, now);
    if (term.status === 'not-yet') return { trouble: new NotStarted(origin, term.from) };
    if (term.status === 'valid' || this.failures < TRIES_WHEN_OVER) return { trouble: error };
    return { trouble: error, refusal: overSince(origin, term.until) };
  }

  private termOf(origin: Origin, now: Date): Term {
    const held = this.options.state.certificates.get(certificateFor(origin))?.held;
    return held ? termOf(held.chain[0] ?? '', now) : { status: 'valid' };
  }

  /** The same question each time: the management plane knows the key, and gives its first answer again. */
  private async ask({ role, sourceId, recovers, answers }: Origin): Promise<JoinReply> {
    const { csr } = await this.request();
    const subject = role === 'member' ? claimSubject(sourceId) : siteSubject(sourceId, 'enrol');
    const held = recovers && this.options.state.certificates.get(SITE_CERTIFICATE)?.held;
    const recovery = held && recoveryBy(held, csr);
    const question: ClaimRequest = { capability: CAPABILITY, csr, ...(recovery ? { recovery } : answers) };
    return ask(this.options.control, subject, question, joinReplySchema);
  }

  /** The first of a site that joins; of one that comes back, the next of what it was known by. */
  private request(): Promise<KeyRequest> {
    const { certificates } = this.options.state;
    const record = certificates.get(SITE_CERTIFICATE);
    return certificates.request(SITE_CERTIFICATE, (record?.held?.ordinal ?? 0) + 1);
  }

  /** What cannot be installed is no admission: the answer to the next question may be one. */
  private usable(admission: Admission): Admission {
    const record = this.options.state.certificates.get(SITE_CERTIFICATE);
    if (record?.requested) installed(record, record.requested.ordinal, admission.chain, new Date());
    return admission;
  }

  private async install({ chain, items }: Admission): Promise<Fact> {
    const { certificates, desired } = this.options.state;
    const { requested } = certificates.get(SITE_CERTIFICATE) ?? {};
    // After a kill right behind it the request is answered already, and there is no request to answer.
    if (requested) {
      if (termOf(chain[0] ?? '', new Date()).status === 'over') return { fact: 'AdmissionOver' };
      await certificates.install(SITE_CERTIFICATE, requested.ordinal, chain, new Date());
    }
    if (killPoint) await killPoint('joining.installed');
    await desired.keep(desiredFrom(items));
    return { fact: 'Installed' };
  }
}
