import { describe, it } from 'vitest';
import { backboneNameEvents, BackboneNameReleased, BackboneNameReserved } from '@caravan/events';
import { commandMetadata, specification } from '@caravan/testing/specification';
import { id } from '../example.fixture.js';
import { backboneName } from './backbone-name.js';

const { given } = specification(backboneName, backboneNameEvents);

const name = 'demo';
const metadata = commandMetadata();
const of = (holder: string) => ({ name, backboneId: id(holder) });
const reserve = (holder: string) => ({ type: 'ReserveBackboneName', ...of(holder), metadata }) as const;
const release = (holder: string, reservations?: number) =>
  ({ type: 'ReleaseBackboneName', ...of(holder), metadata, ...(reservations && { reservations }) }) as const;
const reserved = (holder: string) => BackboneNameReserved(of(holder));
const released = (holder: string) => BackboneNameReleased(of(holder));

describe('the name of a backbone', () => {
  it('is reserved for one, who may ask again, and then has it by another reservation', () => {
    given().when(reserve('first')).then(reserved('first'));
    given(reserved('first')).when(reserve('first')).then(reserved('first'));
  });

  it('is not released by a reservation that is not the last', () => {
    given(reserved('first')).when(release('first', 1)).then(released('first'));
    given(reserved('first'), reserved('first')).when(release('first', 1)).thenNothing();
    given(reserved('first'), reserved('first')).when(release('first', 2)).then(released('first'));
  });

  it('is refused to everyone else, with who has it', () => {
    given(reserved('first'))
      .when(reserve('second'))
      .thenRejects('backbone.name-taken', { name, holder: id('first') });
  });

  it('is free again once its holder released it', () => {
    given(reserved('first')).when(release('first')).then(released('first'));
    given(reserved('first'), released('first')).when(reserve('second')).then(reserved('second'));
  });

  it('is not released by who does not hold it', () => {
    given(reserved('first')).when(release('second')).thenNothing();
    given(reserved('first'), released('first'), reserved('second')).when(release('first')).thenNothing();
    given().when(release('first')).thenNothing();
  });
});
