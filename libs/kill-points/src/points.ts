/**
 * Every place at which a process can be held: what has happened there, and what has not. A name is used at one place in the
 * code, and is part of at least one cell of the kill matrix (`@caravan/testing/kill-points`); `test/architecture` asserts both.
 */
export const killPoints = {
  'append.decided': 'a commit is decided; the log has nothing of it',
  'append.acked': 'the log has the commit; whoever decided it has not heard so',
  'projection.written': 'rows and checkpoint are written, in a transaction that is not committed',
  'projection.committed': 'rows and checkpoint are committed; the process that wrote them does not know yet',
  'reaction.done': 'a reaction has had its effect; its event is not acknowledged',
  'request.received': 'a service has a request of a site in hand, and has done nothing about it',
  'request.answering': 'what a site asked for is done; the answer is not sent',
  'api.received': 'a request to the API is authenticated, and nothing was done about it',
  'api.answering': 'what a request to the API asked for is done and shows; the answer is not sent',
  'callout.decided': 'it is decided whether a site may connect; nats-server does not know',
  'kick.due': 'who is no longer admitted was found connected, and still is',
  'kick.done': 'who is no longer admitted was disconnected; others were not looked at yet',
  'certificate.signed': 'a certificate is signed, and is nowhere but in memory',
  'certificate.kept': 'a certificate is in the database of cert-service, and not in the log',
  'certificate.marking': 'a certificate is in the log, and the database does not say so',
  'nudge.due': 'what a site shall be has changed, and the site was not told',
  'joining.stepped': 'a site has done a step of joining; its journal does not say so',
  'joining.written': 'the journal says that a step of joining is done; the next one has not begun',
  'joining.installed': 'a site has its certificate on disk, but not what it came with: links to dial',
  'sync.received': 'a site has heard what it shall be, and nothing of it is on its disk',
  'configuration.sending': 'what a site shall be is on its disk; its relay has not heard of it',
  'configuration.taken': 'the relay is what it shall be; its controller has not noted that it is',
  'configuration.received': 'a relay has read what it shall be, and is still what it was',
  'configuration.applied': 'a relay is what it shall be; its controller has no answer',
  'link.arrived': 'a handshake is finished at an access point; whether it is admitted is not decided',
  'report.sending': 'a site has something new to report, and has not sent it',
  'command.sending': 'a participant has asked their site for something; nobody else knows',
  'command.answered':
    'the management plane has decided what a participant asked for; the site knows, the participant does not',
  'certificate.forgetting': 'a site no longer needs a certificate, and has it still',
} as const satisfies Readonly<Record<string, string>>;

export type KillPoint = keyof typeof killPoints;
