export { compile } from './compile.js';
export { compileBundle } from './bundle.js';
export { compileInvitation } from './invitation.js';
