import { BOOTSTRAP_CERTIFICATE, CLAIM_CERTIFICATE, SITE_CERTIFICATE } from '@caravan/data-plane';
import { CAPABILITY, claimSubject, joinReplySchema, siteSubject } from '@caravan/events';
import type { ClaimRequest, JoinReply } from '@caravan/events';
import { killPoint } from '@caravan/kill-points';
import { ask, ManagementRefusal } from '../control/index.js';
import type { ControlLink } from '../control/index.js';
import { desiredFrom } from '../desired-state/index.js';
import type { Log } from '../log.js';
import { DEFAULT_BACK_OFF, delayAfter, Waiting } from '../pacing/index.js';
import type { BackOff } from '../pacing/index.js';
import type { SiteState } from '../site-state.js';
import type { Troubles } from '../troubles.js';
import { admissionOf } from './admission.js';
import { after, nextStep } from './joining.js';
import type { Admission, Fact, Joining, Origin, Step } from './joining.js';

export interface JoinerOptions {
  readonly state: Omit<SiteState, 'directory'>;
  readonly control: ControlLink;
  readonly troubles: Troubles;
  readonly log: Log;
  readonly backOff?: BackOff;
}

/** The one certificate of a site that joins is the first of its kind. */
const FIRST = 1;
const LEAST_PAUSE_MS = 100;

type Asking = Extract<Step, { step: 'ask' }>;

/** What a site speaks with before it has a certificate of its own. */
export const certificateFor = ({ role }: Origin): string =>
  role === 'member' ? CLAIM_CERTIFICATE : BOOTSTRAP_CERTIFICATE;

/** Takes a site from its file to its certificate, step by step; each is on disk before the next one begins. */
export class Joiner {
  private readonly waiting = new Waiting();
  /** Before the next question. */
  private pauseMs = 0;

  constructor(private readonly options: JoinerOptions) {
    options.control.onChange((connected) => {
      if (connected) this.waiting.wake();
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
        await this.options.state.certificates.request(SITE_CERTIFICATE, FIRST);
        return { fact: 'KeyMade' };
      case 'ask':
        return this.askUntilAnswered(step);
      case 'install':
        await this.install(step.admission);
        return { fact: 'Installed' };
      case 'none':
        return undefined;
    }
  }

  /** `later` is asked again for ever; `never` and an admission are facts, and so is the first `pending`. */
  private async askUntilAnswered({ origin, awaited }: Asking): Promise<Fact | undefined> {
    const { troubles, log, backOff = DEFAULT_BACK_OFF } = this.options;
    for (let failures = 0; ;) {
      await this.waiting.pause(this.pauseMs);
      if (this.waiting.ended) return undefined;
      try {
        const reply = await this.ask(origin);
        troubles.clear('joining');
        if (reply.status === 'admitted') return { fact: 'Admitted', admission: admissionOf(origin, reply) };
        failures = 0;
        this.pauseMs = Math.max(LEAST_PAUSE_MS, reply.retryAfterMs * (1 + Math.random() / 4));
        if (!awaited) return { fact: 'AdmissionAwaited', siteId: reply.siteId };
      } catch (error) {
        if (error instanceof ManagementRefusal && error.retry === 'never') {
          log.error({ code: error.code, reason: error.message }, 'joining was refused');
          const refusal = { code: error.code, detail: error.message };
          return { fact: 'Refused', refusal, at: new Date().toISOString() };
        }
        troubles.set('joining', error, new Date());
        this.pauseMs = delayAfter(++failures, backOff, Math.random());
      }
    }
  }

  /** The same question each time: the management plane knows the key, and gives its first answer again. */
  private async ask({ role, sourceId }: Origin): Promise<JoinReply> {
    const { csr } = await this.options.state.certificates.request(SITE_CERTIFICATE, FIRST);
    const subject = role === 'member' ? claimSubject(sourceId) : siteSubject(sourceId, 'enrol');
    const question: ClaimRequest = { capability: CAPABILITY, csr };
    return ask(this.options.control, subject, question, joinReplySchema);
  }

  private async install({ chain, items }: Admission): Promise<void> {
    const { certificates, desired } = this.options.state;
    const before = certificates.get(SITE_CERTIFICATE);
    // After a kill right behind it the request is answered already, and there is no request to answer.
    if (before?.requested) await certificates.install(SITE_CERTIFICATE, FIRST, chain, new Date());
    if (killPoint) await killPoint('joining.installed');
    await desired.keep(desiredFrom(items));
  }
}
