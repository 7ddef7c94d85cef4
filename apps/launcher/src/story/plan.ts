/** What the story makes. */
export const STORY = {
  backbone: 'demo',
  sites: ['east', 'west'],
  network: 'retail',
  siteClass: 'storefront',
  invitations: [
    { name: 'hq', member: 'hq', at: 'east', limit: 1, siteClass: undefined },
    { name: 'store', member: 'store-1', at: 'west', limit: 5, siteClass: 'storefront' },
  ],
  address: 'inventory',
} as const;

export type BackboneSiteName = (typeof STORY.sites)[number];
