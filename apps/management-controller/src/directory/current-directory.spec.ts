import { beforeEach, describe, expect, it } from 'vitest';
import { Rejection } from '@caravan/event-store';
import { CurrentDirectory } from './current-directory.js';
import { Directory } from './directory.js';

describe('the directory for those whose answer is final', () => {
  let directory: Directory;
  let asked: number;
  let catchUp: () => boolean;
  const find = (id: string) =>
    new CurrentDirectory(directory, { catchUp: async () => (asked++, catchUp()) }).find((d) => d.invitations, id);
  beforeEach(() => {
    directory = new Directory();
    directory.invitations.set('known', 'network');
    [asked, catchUp] = [0, () => true];
  });

  it('answers what it knows without asking the log', async () => {
    expect(await find('known')).toBe('network');
    expect(asked).toBe(0);
  });

  it('knows what came into the log a moment ago', async () => {
    catchUp = () => {
      directory.invitations.set('new', 'network');
      return true;
    };
    expect(await find('new')).toBe('network');
  });

  it('says that there is nothing when all of the log has nothing', async () => {
    expect(await find('never')).toBeUndefined();
    expect(asked).toBe(1);
  });

  it('never says so while it is behind', async () => {
    catchUp = () => false;
    await expect(find('new')).rejects.toThrow(expect.objectContaining({ code: 'directory.behind' }));
  });

  it('says that it is halted, where it is', async () => {
    catchUp = () => false;
    directory.halted({ position: 7, stream: 'a.b.c', reason: 'poison' } as never);
    await expect(find('new')).rejects.toThrow(Rejection);
    await expect(find('new')).rejects.toThrow(expect.objectContaining({ code: 'directory.halted' }));
  });
});
