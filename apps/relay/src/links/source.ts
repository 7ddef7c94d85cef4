/**
 * Where a connection comes from, as far as one can tell one place from another: an IPv4 address, or the first half of an IPv6 one,
 * since whoever has such an address has 2^64 of them.
 */
export function sourceOf(address: string | undefined): string {
  if (address === undefined) return 'nowhere'; // it is gone already
  const mapped = /^::ffff:([\d.]+)$/i.exec(address)?.[1];
  if (mapped !== undefined || !address.includes(':')) return mapped ?? address;
  const [left = '', right] = address.split('%')[0]!.split('::');
  const [head, tail] = [left, right ?? ''].map((part) => part.split(':').filter(Boolean)) as [string[], string[]];
  const zeros = right === undefined ? [] : Array.from({ length: 8 - head.length - tail.length }, () => '0');
  return [...head, ...zeros, ...tail].slice(0, 4).join(':');
}
