import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createNetwork, getBackbone, getNetwork, rebuildProjections } from '@caravan/api';
import { ask, connectAsSite, eventually, newKey } from '@caravan/testing/installation';
import { Commands } from './the-log/commands.js';
import { LogStage, WRITERS } from './the-log/stage.js';
import type { Writer } from './the-log/stage.js';

const run = promisify(execFile);

/** A log that went back, or is not what it was: both services notice, write nothing to it, and say so. */
describe('the log', () => {
  let stage: LogStage;

  beforeAll(async () => {
    stage = await LogStage.set();
  }, 180_000);
  afterAll(() => stage.strike(), 60_000);
  let commands: Commands | undefined;
  afterEach(() => commands?.stop());

  it('1. is taken for what it is after restarts and kills of both servers', async () => {
    await stage.withoutNats(() => undefined);
    await stage.writable('after-a-restart');
    await stage.kill('nats-server');
    await stage.writable('after-a-kill-of-nats-server');
    await stage.kill('postgres');
    await stage.writable('after-a-kill-of-postgres');
    await Promise.all([stage.kill('nats-server'), stage.kill('postgres')]);
    await stage.writable('after-a-kill-of-both');
    await stage.restart();
    await stage.writable('after-their-own-restart');
    await stage.witnessed();
    await stage.fine();
  }, 120_000);

  it.each<[string, RegExp, () => void | Promise<void>, RegExp?]>([
    ['lost its last bytes', /nothing that can be read at position \d+/, () => stage.files.cut('last', 10)],
    [
      'was damaged in its middle',
      /nothing that can be read at position \d+/,
      () => stage.files.flipBit('last', 20_000),
    ],
    [
      'is an older copy',
      /ends at position \d+, but position \d+ was/,
      () => stage.files.restoreFrom(stage.copy('older')),
    ],
    [
      'was made anew, one entry being another',
      /behind position 0, up to \d+, was changed|another entry/,
      () => stage.rewrite(),
    ],
    // A management-controller that starts makes an empty one, so that the API can say what happened.
    ['is gone', /there is no log any more/, () => stage.removeLog(), /ends at position 0/],
  ])(
    '2. %s: nothing is written to it, reads go on, and it is said what and where',
    async (what, words, work, wordsAfterRestart = words) => {
      const name = what.replaceAll(/\W+/g, '-');
      commands = new Commands(name, (each) => stage.write(each));
      await eventually('commands are under way', () => commands!.acknowledged.length > 5);
      await stage.damage(work);
      for (const writer of WRITERS) {
        const part = await stage.alarmed(writer);
        expect(part).toMatchObject({ status: 'degraded', code: 'log.diverged' });
        expect(part.detail).toMatch(words);
        expect(part.remedy).toContain('docs/reliability.md');
        expect(stage.installation.log(writer)).toMatch(/"level":"error".*"code":"log\.diverged"/);
        expect(await stage.metrics(writer)).toMatch(/^caravan_log_diverged\{.*\} 1$/m);
      }
      await commands.stop();
      expect(commands.refused).toContain('log.diverged');
      const refusal = await stage.refusal(`${name}-refused`);
      expect(refusal).toMatchObject({ status: 503, code: 'log.diverged' });
      expect(refusal.detail).toMatch(words);
      expect(await stage.invitations()).toBe(30);
      await stage.restart(); // which does not help, and hides nothing
      for (const writer of WRITERS) expect((await stage.alarmed(writer)).detail).toMatch(wordsAfterRestart);
      expect(await stage.refusal(`${name}-after-a-restart`)).toMatchObject({ status: 503, code: 'log.diverged' });
      expect(await stage.invitations()).toBe(30);
      for (const writer of WRITERS) expect(await lookAt(writer)).toMatch(wordsAfterRestart);

      await stage.repair();
      await stage.writable(`${name}-repaired`);
      expect(await stage.quarantined()).toEqual([]); // what could not be read there was not put aside
      const names = await stage.backbones(); // whatever was acknowledged, before or meanwhile, is in the right log
      expect(commands.acknowledged.filter((each) => !names.includes(each))).toEqual([]);
      await stage.witnessed();
      await stage.fine();
    },
    120_000,
  );

  it('3. is not written to by whom another replica warned: sites are told so, reactions wait', async () => {
    const { scene, installation } = stage;
    const invitation = await scene.invitation(stage.network, { name: 'claimed' });
    const { certificate } = await scene.invitationFile(invitation);
    const site = await connectAsSite(installation, certificate);
    await stage.plantAlarm('cert-service');
    await stage.alarmed('cert-service');
    const { backboneId } = stage.network;
    const { id: networkId } = await scene.api.call(createNetwork, { body: { name: 'waiting', backboneId } });

    await stage.plantAlarm('management-controller');
    await stage.alarmed('management-controller');
    const claim = await ask(site, `caravan.claim.${invitation.id}`, { capability: 1, csr: newKey('claimed').csr });
    expect(claim).toMatchObject({ error: { code: 'log.diverged', retry: 'later' } });
    await expect(connectAsSite(installation, certificate)).rejects.toThrow(/authorization/i);
    await site.close();
    const { status } = await scene.api.call(getNetwork, { params: { networkId } });
    expect(status).toBe('establishing'); // cert-service has signed, and has not recorded it

    await stage.restart(); // the log is what was witnessed: read from its first entry, that ends both alarms
    await eventually('its certificates follow', async () => {
      const { status } = await scene.api.call(getNetwork, { params: { networkId } });
      return status === 'establishing' ? undefined : true;
    });
    expect(await stage.quarantined()).toEqual([]);
    await stage.witnessed();
    await stage.fine();
  }, 120_000);

  it('4. is noticed at the start as well, before the first write; what is left may be accepted', async () => {
    const { installation } = stage;
    const starts = await Promise.all(WRITERS.map((writer) => installation.takeDown(writer)));
    await stage.damage(() => stage.files.restoreFrom(stage.copy('older')));
    await Promise.all(starts.map((start) => start()));
    expect(await stage.refusal('at-the-start')).toMatchObject({ code: 'log.diverged' });
    expect(await stage.backbones()).toContain('after-a-restart-0'); // the lists are those of before

    for (const writer of WRITERS) await accept(writer);
    await stage.restart();
    stage.forgetPosition();
    const { position } = await stage.scene.api.call(rebuildProjections, {});
    expect(await stage.backbones()).toEqual(['history']);
    expect(await stage.invitations()).toBe(10);
    const { id } = await stage.write('on-what-is-left');
    await eventually('cert-service works again', async () => {
      const { status } = await stage.scene.api.call(getBackbone, { params: { backboneId: id } });
      return status === 'ready';
    });
    await stage.witnessed();
    await stage.fine();
    expect(await stage.remembered('cert-service')).toBeGreaterThan(position);
  }, 120_000);

  it('5. is not noticed without what was witnessed: it is that which does it', async () => {
    const starts = await Promise.all(WRITERS.map((writer) => stage.installation.takeDown(writer)));
    await stage.damage(() => stage.files.restoreFrom(stage.copy('older')));
    await stage.forgetAll();
    await Promise.all(starts.map((start) => start()));
    await stage.scene.api.call(rebuildProjections, {}); // they do remember, and would hide what is written
    stage.forgetPosition(); // what was told so far is of a log that is no more
    const { id } = await stage.write('on-a-log-that-went-back');
    expect(id).toBeTruthy();
    await stage.fine();
  }, 120_000);

  const acceptLog = (writer: Writer, ...told: string[]) => {
    const { programs } = stage.installation;
    const program = writer === 'cert-service' ? programs.certService : programs.managementController;
    const env = { ...stage.installation.environmentOf(writer), CARAVAN_PARENT: '' };
    return run(process.execPath, [program, 'accept-log', ...told], { env, timeout: 60_000 });
  };

  /** What `accept-log` says before it does anything, or instead. */
  const lookAt = (writer: Writer): Promise<string> =>
    acceptLog(writer).then(
      ({ stdout }) => stdout,
      ({ stderr }: { stderr: string }) => stderr,
    );

  /** As an operator does it: a look, and then what that says. */
  async function accept(writer: Writer): Promise<void> {
    const look = await acceptLog(writer);
    const [, sequence = '', hash = ''] = /--sequence (\d+) --hash (\w+)/.exec(look.stdout) ?? [];
    const wrong = ['--sequence', String(Number(sequence) + 1), '--hash', hash, '--by', 'Ada', '--reason', 'a try'];
    await expect(acceptLog(writer, ...wrong)).rejects.toThrow('look again');
    const right = [
      '--sequence',
      sequence,
      '--hash',
      hash,
      '--by',
      'Ada',
      '--reason',
      'the copy of Monday is all there is',
    ];
    const { stdout } = await acceptLog(writer, ...right);
    expect(stdout).toMatch(/^Accepted\./);
  }
});
