export { connectReactions } from './connect-reactions.js';
export { consequenceOf, ReactionContext, Recorded } from './reaction-context.js';
export type { ConsequenceMetadata } from './reaction-context.js';
export type { ReactionExtras, ReactionServer, ReactionTuning } from './reaction-server.js';
