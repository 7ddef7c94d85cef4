import { execFile } from 'node:child_process';
import { getStatus } from '@caravan/api';
import type { ApiClient, Part, Status } from '@caravan/api';
import { eventually } from '@caravan/testing/installation';
import type { TestInstallation } from '@caravan/testing/installation';

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** What an operator has: the command line, the status, and the health ports. */
export class Operator {
  constructor(
    private readonly installation: TestInstallation,
    private readonly api: ApiClient,
  ) {}

  /** Runs `caravan` to its end. */
  caravan(...args: string[]): Promise<Ended> {
    const { programs, plane } = this.installation;
    const env = { PATH: process.env['PATH'], CARAVAN_URL: plane.apiUrl, CARAVAN_TOKEN_FILE: plane.tokenFile };
    return new Promise((resolve) => {
      execFile(process.execPath, [programs.cli, ...args], { env }, (error, stdout, stderr) => {
        resolve({ code: typeof error?.code === 'number' ? error.code : error ? -1 : 0, stdout, stderr });
      });
    });
  }

  status(): Promise<Status> {
    return this.api.call(getStatus, {});
  }

  async part(service: string, name: string): Promise<Part | undefined> {
    const { parts } = await this.status();
    return parts.find((part) => part.service === service && part.name === name);
  }

  /** Waits until a service says of a part that it is so. */
  until(service: string, name: string, is: (part: Part) => boolean, withinMs = 30_000): Promise<Part> {
    return eventually(
      `${service} says of ${name} what it should`,
      async () => {
        const part = await this.part(service, name).catch(() => undefined);
        return part && is(part) ? part : undefined;
      },
      { withinMs },
    );
  }

  /** What the health port of a service answers. */
  async ready(service: 'management-controller' | 'cert-service' | 'router-config') {
    const answer = await fetch(`http://127.0.0.1:${this.installation.plane.healthPorts[service]}/readyz`);
    return { status: answer.status, text: await answer.text() };
  }
}
