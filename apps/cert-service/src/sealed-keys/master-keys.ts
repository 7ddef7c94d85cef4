import type { Secret } from '@caravan/pki';
import { sealKeyId } from '@caravan/pki';
import { ConfigurationError } from '@caravan/platform';
import { KeySourceError, readKeys } from '@caravan/platform/sealing-keys';
import type { KeySource } from '@caravan/platform/sealing-keys';
import type { InitVariables } from '../variables.js';

const VARIABLES = ['PKI_MASTER_KEY', 'PKI_MASTER_KEY_FILE', 'PKI_MASTER_KEY_COMMAND'] as const;
type Variable = (typeof VARIABLES)[number];
export type MasterKeyVariables = Partial<Pick<InitVariables, Variable>>;

/**
 * The keys that CA keys are sealed with. The vault says which one is in use; while it is being replaced there are two, the newer one
 * last (docs/adr/0017-sealing-keys.md).
 */
export class MasterKeys {
  private constructor(
    private readonly read: () => Promise<Secret<Buffer>[]>,
    private keys: readonly Secret<Buffer>[],
  ) {}

  /** @throws ConfigurationError when there are none, two variables name them, or one is not 32 bytes */
  static async from(variables: MasterKeyVariables): Promise<MasterKeys> {
    const { variable, source } = sourceIn(variables);
    const read = () =>
      readKeys(source).catch((error: unknown) => {
        if (!(error instanceof KeySourceError)) throw error;
        throw new ConfigurationError([{ variable, says: error.says, remedy: undefined }]);
      });
    return new MasterKeys(read, await read());
  }

  get newest(): Secret<Buffer> {
    return this.keys.at(-1)!;
  }

  /** By the id that envelopes name it with. */
  find(keyId: string): Secret<Buffer> | undefined {
    return this.keys.find((key) => sealKeyId(key.reveal()) === keyId);
  }

  /**
   * Asks where they come from again: somebody may have put another one there.
   *
   * @throws ConfigurationError as `from`; what was known stays known
   */
  async again(): Promise<void> {
    this.keys = await this.read();
  }
}

function sourceIn(variables: MasterKeyVariables): { readonly variable: Variable; readonly source: KeySource } {
  const [variable, second] = VARIABLES.filter((name) => variables[name] !== undefined);
  if (second !== undefined) throw wrong(second, `is set, and ${variable} too`, 'keep one of them');
  const { PKI_MASTER_KEY: value, PKI_MASTER_KEY_FILE: file, PKI_MASTER_KEY_COMMAND: command } = variables;
  if (variable !== undefined && value !== undefined) return { variable, source: { value } };
  if (variable !== undefined && file !== undefined) return { variable, source: { file } };
  if (variable !== undefined && command !== undefined) return { variable, source: { command } };
  throw wrong(
    'PKI_MASTER_KEY_FILE',
    'is missing',
    'a file that holds 32 random bytes in base64 or hex; `init` makes one',
  );
}

const wrong = (variable: string, says: string, remedy: string): ConfigurationError =>
  new ConfigurationError([{ variable, says, remedy }]);
