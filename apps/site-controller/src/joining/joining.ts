import type { Answers } from './answers.js';

/** What a file says that a site is started with, without the certificate: that lies with the other keys. */
export interface Origin {
  readonly role: 'member' | 'backbone';
  readonly installation: string;
  readonly control: Control;
  /** The invitation, or the site that the bundle is for. */
  readonly sourceId: string;
  /** The log position as of which the file was true; 0 of one that does not say. */
  readonly asOf: number;
  /** Of a member. */
  readonly network: Named | null;
  /** Of a backbone site. */
  readonly backbone: Named | null;
  /** What was answered to what the invitation asks. */
  readonly answers?: Answers;
  /** What the site was before its certificate was over: it asks to be that again. */
  readonly recovers?: Site;
}

export interface Named {
  readonly id: string;
  readonly name: string;
}

/** How the management plane is known; `direct` where it stands beside this site and is not reached through a relay. */
export interface Control {
  readonly serverName: string;
  readonly trust: readonly string[];
  readonly direct: { readonly host: string; readonly port: number } | null;
}

/** What a site is once it has joined. */
export interface Site extends Omit<Origin, 'role' | 'recovers' | 'answers'> {
  readonly role: 'member' | 'backbone' | 'management';
  readonly siteId: string;
  readonly name: string;
  /** The invitation that it came back by: whoever started it with that starts it with that again. */
  readonly cameBackBy?: string;
}

export interface Admission {
  readonly siteId: string;
  readonly name: string;
  readonly chain: readonly string[];
  readonly items: readonly unknown[];
}

export interface Refusal {
  readonly code: string;
  readonly detail: string;
}

/**
 * How far a site has come. Each of these is a whole document on disk, replaced by the next: a site killed at any moment goes
 * on with the step of the document that it finds, and every step can be done twice.
 */
export type Joining =
  | { readonly status: 'invited'; readonly origin: Origin }
  | { readonly status: 'key-made'; readonly origin: Origin }
  | { readonly status: 'pending'; readonly origin: Origin; readonly siteId: string }
  | { readonly status: 'admitted'; readonly origin: Origin; readonly admission: Admission }
  | { readonly status: 'joined'; readonly site: Site }
  | { readonly status: 'refused'; readonly origin: Origin; readonly refusal: Refusal; readonly at: string };

/** What a step led to. */
export type Fact =
  | { readonly fact: 'KeyMade' }
  | { readonly fact: 'AdmissionAwaited'; readonly siteId: string }
  | { readonly fact: 'Admitted'; readonly admission: Admission }
  | { readonly fact: 'Installed' }
  /** It was away until the certificate was over that it had been given. */
  | { readonly fact: 'AdmissionOver' }
  /** It came to recover what it was, and is that still. */
  | { readonly fact: 'NotNeeded' }
  | { readonly fact: 'Refused'; readonly refusal: Refusal; readonly at: string }
  /** The participant starts the site with its file once more. */
  | { readonly fact: 'TriedAgain' };

export type Step =
  | { readonly step: 'make-key' }
  /** `awaited`: it was told before that its certificate will come. */
  | { readonly step: 'ask'; readonly origin: Origin; readonly awaited: boolean }
  | { readonly step: 'install'; readonly admission: Admission }
  | { readonly step: 'none' };

/** What is to be done next. Pure. */
export function nextStep(joining: Joining): Step {
  switch (joining.status) {
    case 'invited':
      return { step: 'make-key' };
    case 'key-made':
    case 'pending':
      return { step: 'ask', origin: joining.origin, awaited: joining.status === 'pending' };
    case 'admitted':
      return { step: 'install', admission: joining.admission };
    case 'joined':
    case 'refused':
      return { step: 'none' };
    default:
      return assertNever(joining);
  }
}

/** How far it has come after a fact. One that does not belong to the step changes nothing: it was done before. Pure. */
export function after(joining: Joining, fact: Fact): Joining {
  switch (fact.fact) {
    case 'KeyMade':
      return joining.status === 'invited' ? { status: 'key-made', origin: joining.origin } : joining;
    case 'AdmissionAwaited':
      return asks(joining) ? { status: 'pending', origin: joining.origin, siteId: fact.siteId } : joining;
    case 'Admitted':
      return asks(joining) ? { status: 'admitted', origin: joining.origin, admission: fact.admission } : joining;
    case 'Refused':
      if (!asks(joining)) return joining;
      return { status: 'refused', origin: joining.origin, refusal: fact.refusal, at: fact.at };
    case 'NotNeeded':
      if (!asks(joining) || !joining.origin.recovers) return joining;
      return { status: 'joined', site: asBefore(joining.origin, joining.origin.recovers) };
    case 'Installed':
      return joining.status === 'admitted' ? { status: 'joined', site: siteOf(joining) } : joining;
    case 'AdmissionOver':
      return joining.status === 'admitted' ? { status: 'key-made', origin: joining.origin } : joining;
    case 'TriedAgain':
      return joining.status === 'refused' ? { status: 'key-made', origin: joining.origin } : joining;
    default:
      return assertNever(fact);
  }
}

const asks = (joining: Joining): joining is Extract<Joining, { status: 'key-made' | 'pending' }> =>
  joining.status === 'key-made' || joining.status === 'pending';

function siteOf({ origin, admission }: Extract<Joining, { status: 'admitted' }>): Site {
  const { recovers, answers: _, ...own } = origin;
  return recovers ? asBefore(origin, recovers) : { ...own, siteId: admission.siteId, name: admission.name };
}

/** A site that has come back stays who it was, and of the file that it was started with; how the management plane is known may be new. */
const asBefore = ({ control, sourceId, asOf }: Origin, site: Site): Site => ({
  ...site,
  control,
  asOf,
  cameBackBy: sourceId,
});

function assertNever(value: never): never {
  throw new Error(`not foreseen: ${JSON.stringify(value)}`);
}
