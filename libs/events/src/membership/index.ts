export * from './invitation-terms.js';
export * from './invitation.js';
export * from './member.js';
export * from './network.js';
