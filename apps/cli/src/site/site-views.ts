import { listSiteCertificates, listSiteConnections, listSiteConnectors, listSiteItems } from '@caravan/api';
import { listSiteLinks, listSiteListeners } from '@caravan/api';
import type { Route } from '@caravan/api';
import type { Column, Item } from '../kinds/kind.js';
import { cellText, tableText } from '../output/table.js';

/** What a site's own API lists, and how it is shown. */
export interface SiteView {
  readonly name: string;
  readonly route: Route;
  readonly columns: readonly Column[];
}

const place = (item: Item): string => {
  const { host, port } = item;
  return host === null || host === undefined ? '-' : `${cellText(host)}:${cellText(port)}`;
};
const subjects = (chain: unknown): string => (chain as { subject: string }[]).map(({ subject }) => subject).join(' < ');

const endpointColumns: readonly Column[] = [
  { title: 'ADDRESS', field: 'address' },
  { title: 'AT', field: 'host', of: place },
  { title: 'STATE', field: 'state' },
  { title: 'DETAIL', field: 'detail' },
  { title: 'ID', field: 'id', wide: true },
];

export const siteViews: readonly SiteView[] = [
  { name: 'listeners', route: listSiteListeners, columns: endpointColumns },
  { name: 'connectors', route: listSiteConnectors, columns: endpointColumns },
  {
    name: 'links',
    route: listSiteLinks,
    columns: [
      { title: 'ACCESS', field: 'access' },
      { title: 'DIRECTION', field: 'direction' },
      { title: 'AT', field: 'host', of: place },
      { title: 'PEER', field: 'peerChain', of: ({ peerChain }) => subjects(peerChain).split(' < ')[0] },
      { title: 'SINCE', field: 'since' },
      { title: 'STREAMS', field: 'streams' },
      { title: 'CHAIN', field: 'peerChain', of: ({ peerChain }) => subjects(peerChain), wide: true },
      { title: 'IN', field: 'bytesIn', wide: true },
      { title: 'OUT', field: 'bytesOut', wide: true },
      { title: 'ID', field: 'id', wide: true },
    ],
  },
  {
    name: 'certificates',
    route: listSiteCertificates,
    columns: [
      { title: 'ID', field: 'id' },
      { title: 'STATE', field: 'state' },
      { title: 'SUBJECT', field: 'subject' },
      { title: 'ORDINAL', field: 'ordinal' },
      { title: 'EXPIRES', field: 'notAfter' },
      { title: 'IDENTITY', field: 'identity', wide: true },
      { title: 'ISSUER', field: 'issuer', wide: true },
    ],
  },
  {
    name: 'items',
    route: listSiteItems,
    columns: [
      { title: 'KIND', field: 'kind' },
      { title: 'KEY', field: 'key' },
      { title: 'STATE', field: 'state' },
      { title: 'REVISION', field: 'revision' },
      { title: 'DETAIL', field: 'detail' },
    ],
  },
  {
    name: 'connections',
    route: listSiteConnections,
    columns: [
      { title: 'AT', field: 'at' },
      { title: 'ADDRESS', field: 'address' },
      { title: 'OUTCOME', field: 'outcome' },
      { title: 'HOPS', field: 'hops' },
      { title: 'ID', field: 'id' },
    ],
  },
];

export const viewTable = ({ columns }: SiteView, items: readonly Item[], wide: boolean): string => {
  const shown = columns.filter((column) => wide || !column.wide);
  return tableText(
    shown.map(({ title }) => title),
    items.map((item) => shown.map(({ field, of }) => cellText(of ? of(item) : item[field]))),
  );
};
