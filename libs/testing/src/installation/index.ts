export { TestInstallation, workspaceRoot } from './test-installation.js';
