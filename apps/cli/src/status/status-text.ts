import type { Follower, Part, Status } from '@caravan/api';
import { section } from '../output/description.js';
import { cellText, tableText } from '../output/table.js';

const WORSE_FIRST: readonly Part['status'][] = ['away', 'degraded', 'ok'];

/** What is not as it should be, the worst first. */
export const wrongParts = ({ parts }: Status): Part[] =>
  parts
    .filter(({ status }) => status !== 'ok')
    .sort((one, other) => WORSE_FIRST.indexOf(one.status) - WORSE_FIRST.indexOf(other.status));

/** What is not known is neither well nor ill: the service that says so could not ask. */
const howOf = ({ status, code }: Part): string => (code === 'service.not-known' ? 'not known' : status);

/** The one line that says it all: `degraded: postgres is away (management-controller), ...`. */
export const headline = (status: Status): string => {
  if (status.status === 'ok') return 'well';
  const wrong = wrongParts(status).map((part) => `${part.name} is ${howOf(part)} (${part.service})`);
  return `degraded: ${wrong.join(', ')}`;
};

const wrongText = (part: Part): string => {
  const { service, name, since, detail, remedy, code } = part;
  return [
    `${name}, seen by ${service}: ${howOf(part)} since ${cellText(since)}${code === null ? '' : ` [${code}]`}`,
    `  ${detail}`,
    ...(remedy === null ? [] : [`  try: ${remedy}`]),
    '',
  ].join('\n');
};

const followersText = (followers: readonly Follower[]): string =>
  tableText(
    ['SERVICE', 'CONSUMER', 'KIND', 'STATUS', 'POSITION', 'BEHIND'],
    followers.map(({ service, name, kind, status, position, behind }) =>
      [service, name, kind, status, position, behind].map(cellText),
    ),
  );

/** For people: what is wrong and what to do first, then everything. */
export const statusText = (status: Status, url: string): string => {
  const { installation, version, parts, logEnd, followers, counts } = status;
  const wrong = wrongParts(status);
  const table = tableText(
    ['SERVICE', 'PART', 'STATUS'],
    parts.map((part) => [part.service, part.name, howOf(part)]),
  );
  const totals = Object.entries(counts ?? {}).map(([name, count]) => `${name}: ${count}\n`);
  return [
    `Installation ${installation} ${version} at ${url}: ${headline(status)}\n`,
    ...(wrong.length === 0 ? [] : [section('Wrong', wrong.map(wrongText).join(''))]),
    section('Parts', table),
    section(`Log, ${logEnd === null ? 'whose end is not known now' : `up to ${logEnd}`}`, followersText(followers)),
    section('Counts', counts === null ? 'not known while the lists cannot be read\n' : totals.join('')),
  ].join('');
};
