import { Controller } from '@nestjs/common';
import { discardQuarantined, listQuarantine, retryQuarantined } from '@caravan/api';
import { Written } from '../api/answer.interceptor.js';
import { Handle, TheCall } from '../api/handle.js';
import type { Call } from '../api/handle.js';
import { Deciders } from '../deciding/deciders.js';
import { Quarantines } from './quarantines.js';

/** What reactions put aside, and what a person decides about it. Who and why is in the log before the entry is taken out. */
@Controller()
export class QuarantineController {
  constructor(
    private readonly quarantines: Quarantines,
    private readonly deciders: Deciders,
  ) {}

  @Handle(listQuarantine)
  list() {
    return this.quarantines.list();
  }

  @Handle(retryQuarantined)
  async retry(@TheCall() { body: { reason, ...which }, metadata }: Call<typeof retryQuarantined>) {
    const entry = await this.quarantines.find(which);
    await this.quarantines.retry(entry);
    const about = { ...which, stream: entry.stream, metadata: { ...metadata, reason } };
    const { position } = await this.deciders.quarantinedEntry({ type: 'RecordRetried', ...about });
    await this.quarantines.release(entry);
    return new Written(position);
  }

  @Handle(discardQuarantined)
  async discard(@TheCall() { body: { reason, ...which }, metadata }: Call<typeof discardQuarantined>) {
    const entry = await this.quarantines.find(which);
    const about = { ...which, stream: entry.stream, problem: entry.reason, metadata: { ...metadata, reason } };
    const { position } = await this.deciders.quarantinedEntry({ type: 'DiscardQuarantinedEntry', ...about });
    await this.quarantines.release(entry);
    return new Written(position);
  }
}
