import { beforeEach, describe, expect, it } from 'vitest';
import { InvitationIssued } from '@caravan/events';
import { InMemoryEventStore } from '@caravan/event-store';
import { derivedId } from '@caravan/platform';
import { commandMetadata } from '@caravan/testing/specification';
import * as backbone from '../backbones/backbone.fixture.js';
import { Deciders } from '../deciding/deciders.js';
import { CurrentDirectory } from '../directory/current-directory.js';
import { Directory } from '../directory/directory.js';
import { id } from '../example.fixture.js';
import * as network from '../networks/network.fixture.js';
import { readModelsOf } from '../read-models/rows.fixture.js';
import { InvitationAccessPoints } from './invitation-access-points.js';
import { JoinTokensController } from './join-tokens.controller.js';

const { accessPoint } = backbone;
const accessPoints = { claimAccessPoints: [id('north/claim')], memberAccessPoints: [id('north/member')] };
const terms = network.terms('store', accessPoints);
const before = [
  backbone.created,
  backbone.site('north'),
  accessPoint('north/claim', 'claim', 'north.example'),
  accessPoint('north/member', 'member', 'north.example'),
  network.created,
  InvitationIssued(terms),
];
const secretHash = 'a'.repeat(64);

describe('a join token that is asked for', () => {
  let store: InMemoryEventStore;
  let directory: CurrentDirectory;
  beforeEach(async () => {
    store = new InMemoryEventStore();
    const known = new Directory();
    store.subscribe((event) => known.apply(event));
    directory = new CurrentDirectory(known, { catchUp: async () => true });
    const { invitationId } = terms;
    await new Deciders(store).invitation({ type: 'IssueInvitation', invitationId, terms, metadata: commandMetadata() });
  });

  const issue = (key: string, ...events: Parameters<typeof readModelsOf>) => {
    const readModels = readModelsOf(...before, ...events);
    const points = new InvitationAccessPoints(readModels);
    const controller = new JoinTokensController(new Deciders(store), readModels, points, {} as never, directory);
    const metadata = commandMetadata({ commandId: key });
    const params = { networkId: network.networkId, invitationId: terms.invitationId };
    const idFor = (what: string) => derivedId(what, key);
    return controller.issue({ params, query: {}, body: { secretHash }, metadata, idFor } as never);
  };

  it('has a secret of its own: whoever was told one is led to one invitation', async () => {
    await expect(issue('first')).resolves.toMatchObject({ position: 2 });
    await expect(issue('first')).resolves.toMatchObject({ position: 2 }); // the same request once more
    await expect(issue('second')).rejects.toMatchObject({ code: 'join-token.secret-taken' });
  });

  it('is refused for a network that is revoked', async () => {
    await expect(issue('first', network.revoked)).rejects.toMatchObject({ code: 'network.revoked' });
  });
});
