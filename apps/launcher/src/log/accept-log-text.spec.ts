import { describe, expect, it } from 'vitest';
import { foundText, nextText } from './accept-log-text.js';

const found = `The log ends at position 76; the hash of the entry there is ab12.
Better than to accept it is to restore the log that was there. To accept it nevertheless:

  accept-log --sequence 76 --hash ab12 --by <who> --reason <why>
`;
const well = 'The log ends at position 76; the hash of the entry there is ab12.\nThere is nothing to accept.\n';

describe('what npm start says after a look at the log', () => {
  it('is one command for both services', () => {
    expect(nextText([found, found], 'npm start').match(/npm start.*/g)).toEqual([
      'npm start -- --accept-log --sequence 76 --hash ab12 --by <who> --reason <why>',
    ]);
    expect(nextText([well, found], 'npm start -- --state /s')).toContain('npm start -- --state /s --accept-log --seq');
  });

  it('is that there is nothing to accept where no service found anything', () => {
    expect(nextText([well, well], 'npm start')).toContain('nothing to accept: npm start');
  });

  it('gives the words of each service without the command that is for it alone', () => {
    expect(foundText('cert-service', found)).toMatch(/cert-service:.*position 76.*Better than to accept/s);
    expect(foundText('cert-service', found)).not.toContain('--sequence');
  });
});
