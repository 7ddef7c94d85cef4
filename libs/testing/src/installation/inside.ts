import type { Credential } from '@caravan/api';
import { connectAsSite } from './simulated-site.js';
import type { DoorAt } from './doors.js';
import { holdLine, shakeHands } from './doors.js';
import type { TestInstallation } from './test-installation.js';

/** A site by hand that holds a line at each door and a connection to NATS, and says nothing. */
export class Inside {
  private constructor(
    /** When the last of them was cut, by `performance.now()`. */
    readonly out: Promise<number>,
  ) {}

  /** @throws Error when one of them does not let it in */
  static async come(installation: TestInstallation, doors: readonly DoorAt[], credential: Credential): Promise<Inside> {
    const lines = await Promise.all(doors.map((door) => holdLine(door, credential)));
    const nats = await connectAsSite(installation, credential);
    const left = nats.closed().then(() => performance.now());
    const cut = Promise.all([left, ...lines.map((line) => line.cut)]);
    return new Inside(cut.then((moments) => Math.max(...moments)));
  }
}

/** What anybody hears who comes with this credential: at each door, and at NATS. */
export async function verdicts(
  installation: TestInstallation,
  doors: readonly DoorAt[],
  credential: Credential,
): Promise<string[]> {
  const atNats = connectAsSite(installation, credential).then(
    async (nats) => {
      await nats.close();
      return 'admitted';
    },
    () => 'refused',
  );
  return Promise.all([...doors.map((door) => shakeHands(door, credential)), atNats]);
}
