/** One file of the library, with the types of the whole (DefinitelyTyped describes only its index). */
declare module 'node-forge/lib/asn1.js' {
  import type forge from 'node-forge';

  const asn1: typeof forge.asn1;
  export default asn1;
}
