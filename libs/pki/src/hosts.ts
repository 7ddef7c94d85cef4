/** What a server certificate can be known by. `name` is canonical: lower case, the short form of RFC 5952 for IPv6. */
export interface Host {
  readonly name: string;
  /** 4 or 16 bytes when the host is an IP address. */
  readonly address?: Buffer;
}

const LABEL = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;
const IPV4 = /^(25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(\.(25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)){3}$/;

/**
 * Reads a DNS name (RFC 1123 letters, digits and dashes, at most 253 characters, no wildcard) or an IP address; brackets
 * around IPv6 are dropped. Undefined for anything else.
 */
export function hostOf(text: string): Host | undefined {
  if (IPV4.test(text)) return { name: text, address: Buffer.from(text.split('.').map(Number)) };
  if (text.includes(':')) return ipv6Of(text.replace(/^\[(.*)\]$/, '$1'));
  const name = text.toLowerCase();
  const labels = name.split('.');
  // A last label of digits makes resolvers read the name as an address.
  const isName = name.length <= 253 && labels.every((label) => LABEL.test(label)) && !/^\d+$/.test(labels.at(-1)!);
  return isName ? { name } : undefined;
}

/** Each of them once, in their order; what is no host is left out. */
export function canonicalHosts(names: readonly string[]): Host[] {
  const hosts = names.map(hostOf).filter((host) => host !== undefined);
  return [...new Map(hosts.map((host) => [host.name, host])).values()];
}

/** The text form of an address from an iPAddress name; undefined when it has neither 4 nor 16 bytes. */
export function addressText(address: Buffer): string | undefined {
  if (address.length === 4) return address.join('.');
  if (address.length !== 16) return undefined;
  return ipv6Of(address.toString('hex').match(/.{4}/g)!.join(':'))?.name;
}

/** The URL parser knows IPv6 and writes its canonical form. */
function ipv6Of(text: string): Host | undefined {
  if (!/^[0-9A-Fa-f:.]{2,45}$/.test(text) || !URL.canParse(`http://[${text}]/`)) return undefined;
  const name = new URL(`http://[${text}]/`).hostname.slice(1, -1);
  const [head = '', tail] = name.split('::');
  const groups = (part: string): string[] => (part === '' ? [] : part.split(':'));
  const zeros = Array.from(
    { length: tail === undefined ? 0 : 8 - groups(head).length - groups(tail).length },
    () => '0',
  );
  const all = [...groups(head), ...zeros, ...groups(tail ?? '')];
  return { name, address: Buffer.from(all.map((group) => group.padStart(4, '0')).join(''), 'hex') };
}
