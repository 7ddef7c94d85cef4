import { expect, it } from 'vitest';
import { tryOut } from './agreement.fixture.js';

it('the deciders and a plain model agree about 1,000,000 commands', async () => {
  const { disagreement, statistics } = await tryOut({ commands: 1_000_000 });
  process.stdout.write(`${statistics.toString()}\n`);
  expect(disagreement).toBeUndefined();
}, 3_600_000);
