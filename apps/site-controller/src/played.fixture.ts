import { afterEach } from 'vitest';
import { useManagement } from './control/management.fixture.js';
import { FakeManagementPlane } from './management-plane.fixture.js';
import { TestSites } from './site.fixture.js';

/** Sites, and the management plane that is played to them. */
export class PlayedSites extends TestSites {
  #plane: FakeManagementPlane | undefined;

  /** That of this test, started. */
  async plane(): Promise<FakeManagementPlane> {
    this.#plane = new FakeManagementPlane(this.management());
    await this.#plane.start();
    return this.#plane;
  }

  override async end(): Promise<void> {
    await super.end();
    await this.#plane?.stop();
  }
}

/** In a `describe`: whatever a test started ends after it. */
export function useSites(): PlayedSites {
  const sites = new PlayedSites(useManagement());
  afterEach(() => sites.end());
  return sites;
}
