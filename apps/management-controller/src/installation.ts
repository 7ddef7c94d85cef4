/** The installation's id: the trust domain of every identity in it. */
export const INSTALLATION = Symbol('installation');
