import { describe, expect, it } from 'vitest';
import { Folded } from '../folded.fixture.js';
import { id, pem } from '../names.fixture.js';
import { proof } from '../supplied.fixture.js';
import { authority, rotated } from '../trust-events.fixture.js';

const supplied = (by: string) => proof.supplied('north', by);
const withdrawn = proof.withdrawn('north');
const link = (folded: Folded) => folded.item('south', `link/${id('south-north')}`);

describe('what the operator of a backbone site supplies', () => {
  it('is told to whoever dials its access points, besides what is issued to them', () => {
    const folded = new Folded();
    const before = link(folded);
    expect(folded.take(supplied('company'))).toEqual(new Set(['south', 'hq', 'management'].map(id)));
    expect(link(folded)).toEqual({ ...(before as object), supplied: [pem('company')] });
    expect(folded.item('hq', `link/member-${id('north member')}`)).toMatchObject({ supplied: [pem('company')] });
    expect(folded.item('hq', `link/member-${id('south member')}`)).not.toHaveProperty('supplied');
    expect(folded.take(supplied('company'))).toEqual(new Set());
  });

  it('is among what is trusted in the files of new members: nobody knows what they can', () => {
    const folded = new Folded();
    folded.take(supplied('company'));
    const [claim] = folded.states.invitation(id('store'));
    expect(claim).toMatchObject({ trust: [pem('infrastructure demo 1'), pem('company')] });
    expect(claim).not.toHaveProperty('identities');
  });

  it('leaves links alone that stand on what was supplied before', () => {
    const folded = new Folded();
    folded.take(supplied('company'), supplied('successor'));
    expect(link(folded)).toMatchObject({ supplied: [pem('successor')], suppliedBefore: [pem('company')] });
    folded.take(withdrawn);
    const both = [pem('successor'), pem('company')];
    expect(link(folded)).toMatchObject({ trust: [pem('infrastructure demo 1')], suppliedBefore: both });
    expect(link(folded)).not.toHaveProperty('supplied');
    folded.take(supplied('company'));
    expect(link(folded)).toMatchObject({ supplied: [pem('company')], suppliedBefore: [pem('successor')] });
    const many = Array.from({ length: 10 }, (_, number) => supplied(`company ${number}`));
    folded.take(...many);
    expect(link(folded)).toMatchObject({
      suppliedBefore: [8, 7, 6, 5, 4, 3, 2, 1].map((number) => pem(`company ${number}`)),
    });
  });

  it('is apart from what a rotation retires', () => {
    const folded = new Folded();
    folded.take(supplied('company'), supplied('successor'), authority('infrastructure', 'demo', 2));
    folded.take(rotated('backbone', 'demo', 'retire'));
    expect(link(folded)).toMatchObject({
      trust: [pem('infrastructure demo 2')],
      retired: [pem('infrastructure demo 1')],
      suppliedBefore: [pem('company')],
    });
  });
});
