/** What somebody at a command line can do about a refusal of the server. Codes without an entry speak for themselves. */
const byCode: Readonly<Record<string, readonly string[]>> = {
  'api.unreachable': [
    'is the installation running there? npm start',
    'on its machine: the log of management-controller, and /readyz on its HEALTH_PORT',
    'if its address is another: --url <url>, or caravan login --url <url> --token-file <file>',
  ],
  'api.not-trusted': [
    'whom it is proved by: --certificate-authority <management-ca.pem of cert-service init>',
    'is the host in its URL one of its names? cert-service init --api-host <host>',
  ],
  'service.timeout': [
    'caravan status says what is away',
    'after a change: caravan get shows whether it took effect; run it again only if it did not',
  ],
  'service.unavailable': ['try again in a moment', 'caravan status says what is away'],
  'log.unavailable': [
    'caravan status says what is away',
    'after a change: caravan get shows whether it took effect; run it again only if it did not',
  ],
  'projection.behind': [
    'caravan status says why the lists are behind',
    'after a change: it was made, and caravan get shows it once the lists are well; it is not to be made again',
  ],
  'api.unexpected-answer': ['caravan login --url <url of the API, as the installation prints it>'],
  'backbone.has-sites': ['caravan get backbone-sites --backbone <name>, and delete them first'],
  'backbone.has-networks': ['caravan get networks, and delete those on it first'],
  'backbone-site.has-access-points': ['caravan get access-points --site <name>, and delete them first'],
  'backbone-site.has-links': ['caravan get links, and delete those of the site first'],
  'backbone-site.already-enrolled': [
    'start it again with the folder that it was set up in; a bundle is made again once its certificate is over, or a rotation went on without it',
  ],
  'recovery.too-late': ['remove it and add it anew: caravan delete backbone-site, caravan create backbone-site'],
  'access-point.has-links': ['caravan get links, and delete those that end there first'],
  'access-point.address-incomplete': ['give both --host and --port, or neither'],
  'link.not-a-peer-access-point': ['caravan get access-points --kind peer'],
  'network.started': ['its start is past; --ends changes its end'],
  'network.end-passed': ['caravan network end <name> ends it now'],
  'network.not-started': ['caravan delete network <name>, before anybody is let in'],
  'network.has-invitations': [
    'caravan network end <name>, or caravan evict network <name>: then it goes with all that it has',
    'caravan get invitations --network <name>, and delete them first',
  ],
  'site-class.unknown': ['caravan create site-class <name> --network <name>'],
  'site-class.in-use': ['caravan get invitations -o wide shows who gives it'],
  'invitation.name-taken': [
    'caravan invite --download <network> <name> makes another file for the invitation that exists',
  ],
  'invitation.no-access-point': ['caravan create access-point <name> --kind claim, and one of kind member'],
  'invitation.has-members': ['caravan get members, and delete those of the invitation first'],
  'invitation.expired': ['caravan invite, with a later --deadline'],
  'listener.port-taken': ['choose another --port'],
  'log-entry.readable': ['caravan status names the position that cannot be read'],
  'log-entry.newer': ['caravan log pass-over, with --even-newer, if there is no such version'],
  'quarantine.unknown': ['caravan quarantine list'],
  'quarantine.retry-failed': ['mend what it says, or caravan quarantine discard'],
  'log.undecodable': ['caravan log show <position>, and if no version will ever read it caravan log pass-over'],
  'management.away': ['caravan site status says when the management plane is there again'],
  'authority-certificate.unfit': ['caravan authority request <ref> says with what it is to be signed'],
  'authority-certificate.malformed': ['bring PEM certificates: openssl x509 -in <file> shows what it is'],
  'authority.awaiting-certificate': ['caravan get authority-requests --status asked, and caravan authority request'],
  'rotation.under-way': ['caravan describe rotation <name> says how far it is, and for whom it waits'],
  'rotation.finished': ['caravan get rotations shows what runs'],
  'certificate.superseded': ['caravan get certificates shows the one that is in use'],
  'certificate.pending': ['is cert-service running? caravan status'],
};

export const remedyFor = (code: string, status: number): readonly string[] => {
  const known = byCode[code];
  if (known !== undefined) return known;
  return status === 401 ? ['caravan login --token-file <file>'] : [];
};

export const codesWithRemedy: readonly string[] = Object.keys(byCode);
