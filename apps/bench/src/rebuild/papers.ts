import { createCsr, generateKeyPair, issueCertificate, randomSerial, selfSignRoot } from '@caravan/pki';

/** Certificates and a request of the usual size: what a generated log holds copies of. */
export type Papers = ReturnType<typeof makePapers>;

export function makePapers(now: Date) {
  const installation = 'bench';
  const rootKey = generateKeyPair();
  const root = selfSignRoot({ commonName: 'Caravan root', keyPair: rootKey, serial: randomSerial(), now });
  const signed = (
    above: { certificatePem: string },
    key: typeof rootKey,
    profile: 'backboneCa' | 'networkCa' | 'memberCa',
  ) => {
    const keyPair = generateKeyPair();
    const details = { commonName: `Caravan ${profile}`, publicKey: keyPair.publicKey, serial: randomSerial(), now };
    const issuer = { certificatePem: above.certificatePem, privateKey: key.privateKey };
    return { keyPair, ...issueCertificate({ profile, issuer, installation, ...details }) };
  };
  const backbone = signed(root, rootKey, 'backboneCa');
  const network = signed(backbone, backbone.keyPair, 'networkCa');
  const memberCa = signed(network, network.keyPair, 'memberCa');
  const keyPair = generateKeyPair();
  const identity = 'spiffe://bench/network/n/member/m';
  const leaf = issueCertificate({
    profile: 'member',
    commonName: 'store-1',
    publicKey: keyPair.publicKey,
    serial: randomSerial(),
    now,
    identity,
    installation,
    issuer: { certificatePem: memberCa.certificatePem, privateKey: memberCa.keyPair.privateKey },
  });
  const facts = ({ serial, subject, fingerprint, notBefore, notAfter, certificatePem }: typeof leaf) => ({
    ...{ serial, subject, fingerprint, notBefore, notAfter },
    certificate: certificatePem,
  });
  return {
    csr: createCsr({ subject: { commonName: 'store-1' }, keyPair }),
    leaf: {
      ...facts(leaf),
      publicKeyFingerprint: leaf.publicKeyFingerprint,
      chain: [memberCa, network, backbone].map(({ certificatePem }) => certificatePem),
    },
    authority: facts(memberCa),
  };
}
