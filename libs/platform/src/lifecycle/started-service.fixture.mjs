import { z } from 'zod';
import { processVariables, runService } from '@caravan/platform';

/** A service for the spec beside it, of what was built: what goes wrong with it is said by its environment. */
await runService({
  name: 'fixture',
  variables: z.object({ ...processVariables, FIXTURE: z.string().default('good').describe('what goes wrong') }),
  async start({ FIXTURE }, service) {
    const open = setInterval(() => undefined, 1_000);
    service.health.watch('fixture', () => (FIXTURE === 'troubled' ? 'it is troubled' : undefined));
    if (FIXTURE === 'cannot-start') throw new Error('it cannot start');
    if (FIXTURE === 'rejects') setTimeout(() => void Promise.reject(new Error('nobody waits for this')), 50);
    if (FIXTURE === 'throws') setTimeout(() => nobody(), 50);
    return {
      close: async () => {
        await new Promise((resolve) => setTimeout(resolve, 100));
        clearInterval(open);
        service.log.info('work in hand is done');
      },
    };
  },
});

function nobody() {
  throw new Error('nobody catches this');
}
