import { describe, expect, it } from 'vitest';
import { descriptionText } from '../output/description.js';
import { columnsOf, itemsTable } from '../output/print-items.js';
import { kindOf } from './kinds.js';

const kind = kindOf('access-point');
const names = (_kind: string, id: unknown): string => String(id);
const point = (more: object) => ({ name: 'in', kind: 'claim', bindHost: '0.0.0.0', bindPort: 0, host: null, ...more });
const described = (more: object): string => /^Host: +(.*)$/m.exec(descriptionText(kind, point(more), names))?.[1] ?? '';

describe('an access point without an address', () => {
  it('says that nobody can dial it, and what to do', () => {
    expect(described({})).toMatch(/^not given: nobody can dial it: delete it .* with --host and --port$/);
    expect(described({ bindPort: 7443 })).toMatch(/^not known: nobody can dial it: start its site with SITE_HOST=/);
  });

  it('is reported by a site that others hear of, where it listens on one address', () => {
    expect(described({ bindHost: '192.0.2.1' })).toMatch(/^not reported yet: /);
    expect(described({ bindHost: '192.0.2.1', bindPort: 7443, kind: 'manage' })).toMatch(/^not given: /);
  });

  it('takes no more room in a table than one that has it', () => {
    const table = itemsTable(kind, [point({})], columnsOf(kind, false), names);
    expect(table).not.toContain('not given');
    expect(described({ host: 'east.example' })).toBe('east.example');
  });
});
