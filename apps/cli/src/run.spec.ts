import { describe, expect, it } from 'vitest';
import { commandIn } from './run.js';

describe('the help that a line which cannot be read leads to', () => {
  it.each([
    ['get networks --colour red', 'caravan get networks'],
    ['get net/retail --colour', 'caravan get networks'],
    ['--url http://127.0.0.1 join file.json --bogus', 'caravan join'],
    ['site start --nowhere', 'caravan site start'],
    ['site --nowhere', 'caravan site'],
    ['frobnicate', 'caravan'],
    ['--colour', 'caravan'],
  ])('of %s is that of %s', (line, command) => expect(commandIn(line.split(' '))).toBe(command));
});
