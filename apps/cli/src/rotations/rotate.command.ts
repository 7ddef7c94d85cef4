import {
  changeRotation,
  planRotation,
  renewCertificate,
  rotateBackbone,
  rotateInstallation,
  rotateNetwork,
} from '@caravan/api';
import type { RotationProgress } from '@caravan/api';
import { DRY_RUN } from '../command.js';
import type { CommandSpec, Flag, Invocation } from '../command.js';
import { idOf } from '../kinds/kind.js';
import { kindOf } from '../kinds/kinds.js';
import { readSeconds } from '../kinds/moment.js';
import { textOption } from '../options.js';
import { machineText } from '../output/format.js';
import { findOne } from '../resources/find-one.js';
import { callRoute } from '../resources/listing.js';
import { parentFlags, requiredRef } from '../resources/verb.js';
import { rotationPlanText } from '../trust/plan-text.js';
import type { Api } from '../connection/connection.js';

const patienceFlag: Flag = {
  syntax: '--go-on-after <duration>',
  about: 'without sites that are away; default: wait until they are back',
};

const ROUTES = { network: rotateNetwork, backbone: rotateBackbone } as const;

const patienceOf = ({ options }: Invocation): { patienceSeconds: number } | Record<string, never> => {
  const given = textOption(options, 'goOnAfter');
  return given === undefined ? {} : { patienceSeconds: readSeconds(given, 'go-on-after', '1d') };
};

const rotateOne = (name: keyof typeof ROUTES) => async (invocation: Invocation) => {
  const { options, terminal, connect } = invocation;
  const kind = kindOf(name);
  const ref = requiredRef(invocation, kind, 'rotate');
  const body = patienceOf(invocation);
  const api = await connect();
  const { item } = await findOne(api, kind, ref, options);
  if (options['dryRun'] === true) return sayPlan(invocation, api, { kind: name, id: idOf(item) });
  const request = { params: { [kind.idField]: idOf(item) }, body, idempotencyKey: terminal.newId() };
  const begun = (await callRoute(api, ROUTES[name], request)) as RotationProgress;
  say(invocation, `The authorities of the ${name} ${ref} are`, begun);
};

const rotateInstallationCommand = async (invocation: Invocation) => {
  const { options, terminal, connect } = invocation;
  const body = patienceOf(invocation);
  const api = await connect();
  if (options['dryRun'] === true) return sayPlan(invocation, api, { kind: 'installation' });
  const begun = await api.call(rotateInstallation, { body, idempotencyKey: terminal.newId() });
  say(invocation, 'The root and the management authority, and after them everything below, are', begun);
};

async function sayPlan(
  { output, terminal }: Invocation,
  api: Api,
  query: { kind: keyof typeof ROUTES | 'installation'; id?: string },
): Promise<void> {
  const plan = await api.call(planRotation, { query });
  terminal.out(machineText(output, plan) ?? rotationPlanText(plan));
}

function say({ output, terminal }: Invocation, what: string, begun: RotationProgress): void {
  if (output === 'name') return terminal.out(`rotation/${begun.id}\n`);
  const see = `caravan describe rotation ${begun.id}`;
  const says = `${what} replaced by those of ordinal ${begun.ordinal}. How far it is: ${see}\n`;
  terminal.out(machineText(output, begun) ?? says);
}

const renewOne = async (invocation: Invocation) => {
  const { options, output, terminal, connect } = invocation;
  const kind = kindOf('certificate');
  const ref = requiredRef(invocation, kind, 'rotate');
  const api = await connect();
  const { item } = await findOne(api, kind, ref, options);
  const request = { params: { certificateId: idOf(item) }, idempotencyKey: terminal.newId() };
  const renewed = await api.call(renewCertificate, request);
  const says = `The ${renewed.holderKind} ${renewed.holderId} is to renew it, to ordinal ${renewed.ordinal}, when it is there.\n`;
  terminal.out(machineText(output, renewed) ?? says);
};

type Change = { readonly paused: boolean } | { readonly patienceSeconds: number };

const changeOne = (verb: string, change: Change, done: string) => async (invocation: Invocation) => {
  const { options, output, terminal, connect } = invocation;
  const kind = kindOf('rotation');
  const ref = requiredRef(invocation, kind, `rotate ${verb}`);
  const api = await connect();
  const { item } = await findOne(api, kind, ref, options);
  const request = { params: { rotationId: idOf(item) }, body: change, idempotencyKey: terminal.newId() };
  const changed = await api.call(changeRotation, request);
  terminal.out(machineText(output, changed) ?? `rotation/${changed.id} ${done}\n`);
};

const ownerCommand = (name: keyof typeof ROUTES, about: string, example: string): CommandSpec => ({
  name,
  about,
  args: [{ syntax: '[ref]', about: 'name or id' }],
  flags: [...parentFlags(kindOf(name)), patienceFlag, DRY_RUN],
  examples: [`caravan rotate ${name} ${example} --dry-run`, `caravan rotate ${name} ${example} --go-on-after 1d`],
  run: rotateOne(name),
});

const changeCommand = (name: string, about: string, change: Change, done: string): CommandSpec => ({
  name,
  about,
  args: [{ syntax: '[ref]', about: 'id of the rotation, or the name of what it is of' }],
  examples: [`caravan rotate ${name} retail`],
  run: changeOne(name, change, done),
});

export const rotateCommand: CommandSpec = {
  name: 'rotate',
  about: 'Replace authorities and the certificates below them, without an interruption',
  examples: ['caravan rotate network retail', 'caravan rotate backbone demo --go-on-after 1d'],
  subcommands: [
    ownerCommand('network', 'the authorities of a network and the certificates of its members', 'retail'),
    ownerCommand('backbone', 'the authorities of a backbone and the certificates of its sites', 'demo'),
    {
      name: 'installation',
      about: 'the root, the management authority, and after them everything: sites connect anew three times',
      flags: [patienceFlag, DRY_RUN],
      examples: ['caravan rotate installation --dry-run', 'caravan rotate installation --go-on-after 7d'],
      run: rotateInstallationCommand,
    },
    {
      name: 'certificate',
      about: 'one certificate of a site: it makes a new key and asks for the next ordinal',
      args: [{ syntax: '[ref]', about: 'id, serial or subject' }],
      examples: ['caravan rotate certificate 4a1f'],
      run: renewOne,
    },
    changeCommand('pause', 'Let a rotation stand still where it is', { paused: true }, 'stands still'),
    changeCommand('resume', 'Let a rotation go on that stands still', { paused: false }, 'goes on'),
    changeCommand('go-on', 'Do not wait for sites that are away', { patienceSeconds: 0 }, 'goes on without them'),
  ],
};
