import { describe, it } from 'vitest';
import { logEntryEvents, LogEntryPassedOver } from '@caravan/events';
import { commandMetadata, specification } from '@caravan/testing/specification';
import { logEntry } from './log-entry.js';
import type { LogEntryCommand } from './log-entry.js';

const { given } = specification(logEntry, logEntryEvents);
const entry = { position: 7, stream: 'caravan.evt.x.y.z', hash: 'a'.repeat(64) };
const problem = 'not JSON';
const passOver = (more: Partial<LogEntryCommand> = {}): LogEntryCommand => ({
  type: 'PassOverLogEntry',
  ...entry,
  problem,
  newer: false,
  evenNewer: false,
  metadata: commandMetadata(),
  ...more,
});
const passedOver = LogEntryPassedOver({ ...entry, problem });

describe('an entry of the log', () => {
  it('is passed over when it cannot be read', () => given().when(passOver()).then(passedOver));
  it('is passed over once', () => given(passedOver).when(passOver()).thenNothing());
  it('is not passed over when it can be read', () =>
    given()
      .when(passOver({ problem: null }))
      .thenRejects('log-entry.readable', { position: 7 }));
  it('is not passed over when another version may read it, unless it is said that there is none', () => {
    given()
      .when(passOver({ newer: true }))
      .thenRejects('log-entry.newer', { position: 7 });
    given()
      .when(passOver({ newer: true, evenNewer: true }))
      .then(passedOver);
  });
  it('is another one in a log that was replaced', () => {
    const hash = 'b'.repeat(64);
    given(passedOver)
      .when(passOver({ hash }))
      .then(LogEntryPassedOver({ ...entry, hash, problem }));
  });
  it('says no more of the problem than fits', () =>
    given()
      .when(passOver({ problem: 'x'.repeat(5_000) }))
      .then(LogEntryPassedOver({ ...entry, problem: 'x'.repeat(1_000) })));
});
