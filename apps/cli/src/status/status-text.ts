import type { Follower, Part, Status } from '@caravan/api';
import { section } from '../output/description.js';
import { cellText, tableText } from '../output/table.js';

const WORSE_FIRST: readonly Part['status'][] = ['away', 'degraded', 'ok'];

/** What is not as it should be, the worst first. */
export const wrongParts = ({ parts }: Status): Part[] =>
  parts
    .filter(({ status }) => status !== 'ok')
    .sort((one, other) => WORSE_FIRST.indexOf(one.status) - WORSE_FIRST.indexOf(other.status));

/** The one line that says it all: `degraded: postgres is away (management-controller), ...`. */
export const headline = (status: Status): string => {
  if (status.status === 'ok') return 'well';
  const wrong = wrongParts(status).map(({ service, name, status: how }) => `${name} is ${how} (${service})`);
  return `degraded: ${wrong.join(', ')}`;
};

const wrongText = ({ service, name, status, since, detail, remedy, code }: Part): string =>
  [
    `${name}, seen by ${service}: ${status} since ${cellText(since)}${code === null ? '' : ` [${code}]`}`,
    `  ${detail}`,
    ...(remedy === null ? [] : [`  try: ${remedy}`]),
    '',
  ].join('\n');

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
    parts.map(({ service, name, status: how }) => [service, name, how]),
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
