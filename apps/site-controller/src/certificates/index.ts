export { installed, nextFor, UnusableCertificate } from './certificate-record.js';
export type { CertificateRecord, HeldCertificate, KeyRequest } from './certificate-record.js';
export { CertificateStore } from './certificate-store.js';
export { Obtaining } from './obtaining.js';
