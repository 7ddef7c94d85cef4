import { getStatus } from '@caravan/api';
import { textOption } from '../options.js';
import type { CommandSpec } from '../command.js';
import { machineText } from '../output/format.js';
import { configFile, readConfig, writeConfig } from './config-file.js';
import { noticeFor, openApi, resolveContext } from './connection.js';

/** Proves the address, and who asks, before it remembers them. */
export const loginCommand: CommandSpec = {
  name: 'login',
  about: 'Check the address of an installation and who asks there, and remember both',
  examples: [
    'caravan login --url http://127.0.0.1:4400 --token-file .caravan/token',
    'caravan login --context staging --url https://caravan.example.com/api/v1 --token-file ~/staging.token',
    'caravan login --url https://caravan.example.com:4443 --certificate-authority management-ca.pem --client-certificate administrator-ada.pem --client-key administrator-ada.key',
  ],
  run: async ({ options, terminal, output }) => {
    const { context: _new, ...asked } = options;
    const context = await resolveContext(asked, terminal);
    const status = await (await openApi(context, { notice: noticeFor(options, terminal) })).call(getStatus, {});

    const file = configFile(terminal);
    const config = await readConfig(file);
    const name = textOption(options, 'context') ?? 'default';
    await writeConfig(file, { ...config, current: name, contexts: { ...config.contexts, [name]: context } });
    terminal.out(
      machineText(output, { context: name, url: context.url, installation: status.installation }) ??
        `Logged in to ${status.installation} at ${context.url} as "${name}" (${file}).\n`,
    );
  },
};
