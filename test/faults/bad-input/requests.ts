/** Requests for certificates that are no forgeries, and of which none is taken: made with OpenSSL, their keys thrown away. */
export const UNWANTED: Readonly<Record<string, string>> = {
  'RSA of 512 bits': `-----BEGIN CERTIFICATE REQUEST-----
MIHIMHQCAQAwDzENMAsGA1UEAwwEd2VhazBcMA0GCSqGSIb3DQEBAQUAA0sAMEgC
QQC2ShFbj/mkbAJhXMlXu6p4ilQ5gH4DpOfSOgxIok8z9dVwrsSbYsTcl9qzCif5
bxbhR6prKd5rWyCVCu8PB8ZhAgMBAAGgADANBgkqhkiG9w0BAQsFAANBACB4qk7S
SHln89FjZ3mIWDEPFKxP/FcNfi70FHIu91AW0ntS9IiTZP6lB4+38KiBRlCEPnLt
KGVKyNy557I6ILI=
-----END CERTIFICATE REQUEST-----
`,
  'the curve secp256k1': `-----BEGIN CERTIFICATE REQUEST-----
MIHHMG8CAQAwEDEOMAwGA1UEAwwFY3VydmUwVjAQBgcqhkjOPQIBBgUrgQQACgNC
AAQ2VWnK+yGLJ7Nmdaz0duFP/+DkfuVVVsZi1mn3fqcpwnEGdL0or3Ttlfb4wvBD
vjes4JoGmXVLMlz8Q4eU2hx2oAAwCgYIKoZIzj0EAwIDSAAwRQIgKxxkVIj4fxRq
RROJccf/iypHlkYuE/n1sbbbFsyNgQ0CIQCmFB0InAS59ifqLaneSyHPNL9dl5vt
I3NIyELjmXX5SA==
-----END CERTIFICATE REQUEST-----
`,
  Ed25519: `-----BEGIN CERTIFICATE REQUEST-----
MIGRMEUCAQAwEjEQMA4GA1UEAwwHZWR3YXJkczAqMAUGAytlcAMhAPkbav/kT7Vr
LpreAE1re3f70Xg/qy0y+RyEZcYP7lN6oAAwBQYDK2VwA0EAAhsL1JDOv0pZFoEb
xrpEI3pG3UapTVhaIixkb7I9LmAmjF6rhDVahW3chPWa9esL5LMhtsn50z6Q+GvD
TGXoBQ==
-----END CERTIFICATE REQUEST-----
`,
  'a signature with SHA-1': `-----BEGIN CERTIFICATE REQUEST-----
MIHIMHECAQAwDzENMAsGA1UEAwwEc2hhMTBZMBMGByqGSM49AgEGCCqGSM49AwEH
A0IABMtV0RP4aTmGF3y81DiNaEU5GPV4V7LIJMl+wCwIrunX1brARXVbvIAAUW1b
7L73b3tBty/aw1ljX15OOpB3P1ugADAJBgcqhkjOPQQBA0gAMEUCIQChH+D/FPxY
3cGSbXhcnDTXnXlIUyY3FJA7YQ4PdumHXwIgX4SjGGFaKtMOszoxYwf0FdC3boJX
L+ilayMi2XkODFI=
-----END CERTIFICATE REQUEST-----
`,
  'a curve spelled out': `-----BEGIN CERTIFICATE REQUEST-----
MIIBwzCCAWkCAQAwEzERMA8GA1UEAwwIZXhwbGljaXQwggFLMIIBAwYHKoZIzj0C
ATCB9wIBATAsBgcqhkjOPQEBAiEA/////wAAAAEAAAAAAAAAAAAAAAD/////////
//////8wWwQg/////wAAAAEAAAAAAAAAAAAAAAD///////////////wEIFrGNdiq
OpPns+u9VXaYhrxlHQawzFOw9jvOPD4n0mBLAxUAxJ02CIbnBJNqZnjhE50mt4Gf
fpAEQQRrF9Hy4SxCR/i85uVjpEDydwN9gS3rM6D0oTlF2JjClk/jQuL+Gn+bjufr
SnwPnhYrzjNXazFezsu2QGg3v1H1AiEA/////wAAAAD//////////7zm+q2nF56E
87nKwvxjJVECAQEDQgAEYevuf4MVgF4OYFMJodoEp/z/jVZ3RaykBnVuU4xtQz5j
7CHXPsoGqr9mYaMgsYbBG6Zmu7gNVOgnf7MW+k/wdKAAMAoGCCqGSM49BAMCA0gA
MEUCIQCcHcVfFo/dyhT/hQeZOUQgrq00deubZEJXylDQdYRAMAIgRAJYKbCCr7Ls
HnIGA6JMpfOzQusrMs5eOVDdgWjJjXs=
-----END CERTIFICATE REQUEST-----
`,
  'a certificate in its place': `-----BEGIN CERTIFICATE REQUEST-----
MIIBdTCCARugAwIBAgIUUFVYq7WZReV9Sltg0jxQWM63D24wCgYIKoZIzj0EAwIw
DzENMAsGA1UEAwwEY2VydDAgFw0yNjExMjAxODA5MzBaGA8yMTA5MDEwOTE4MDkz
MFowDzENMAsGA1UEAwwEY2VydDBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABMtV
0RP4aTmGF3y81DiNaEU5GPV4V7LIJMl+wCwIrunX1brARXVbvIAAUW1b7L73b3tB
ty/aw1ljX15OOpB3P1ujUzBRMB0GA1UdDgQWBBS+q4xxhGqW9U1rUqZWwAwEvdIZ
5jAfBgNVHSMEGDAWgBS+q4xxhGqW9U1rUqZWwAwEvdIZ5jAPBgNVHRMBAf8EBTAD
AQH/MAoGCCqGSM49BAMCA0gAMEUCIQDBRKyXneWigEIhmgl2T26j8ojv5p3+uV9R
9cHtnNB0NgIgRGVgGW4K4uU9d5jrS/Al07ztXWcoopjnCKv0mWMwPZU=
-----END CERTIFICATE REQUEST-----
`,
};

/** `pem` after one to four changes of its bytes, as PEM again; never what it was. */
export function mutated(pem: string, random: () => number): string {
  const der = Buffer.from(pem.replace(/-----[^-]+-----|\s/g, ''), 'base64');
  const bytes = [...der];
  const any = (below: number): number => Math.floor(random() * below);
  for (let changes = 1 + any(4); changes > 0; changes--) {
    const at = any(bytes.length);
    const byte = random() < 0.5 ? any(256) : [0x00, 0x30, 0x80, 0x84, 0xff][any(5)]!;
    const how = any(4);
    if (how === 0) bytes.splice(at, 1);
    else if (how === 1) bytes.splice(at, 0, byte);
    else if (how === 2) bytes.length = Math.max(1, at);
    else bytes[at] = byte;
  }
  const result = Buffer.from(bytes);
  return result.equals(der) ? mutated(pem, random) : asRequest(result);
}

export const asRequest = (der: Uint8Array): string => {
  const lines =
    Buffer.from(der)
      .toString('base64')
      .match(/.{1,64}/g) ?? [];
  return ['-----BEGIN CERTIFICATE REQUEST-----', ...lines, '-----END CERTIFICATE REQUEST-----', ''].join('\n');
};
