import { Injectable } from '@nestjs/common';
import { CurrentDirectory } from '../directory/current-directory.js';
import { Directory } from '../directory/directory.js';
import { ReadModels } from '../read-models/read-models.js';
import type { CertificateRow } from './certificate.projection.js';

/**
 * Whether the holder of a certificate may be let in by nobody any more, revocations aside: it is over, nobody is admitted below the authority that
 * signed it, or it is from before others came into use above those whom its holder has to know, and a rotation may have gone on without it.
 */
@Injectable()
export class LockedOut {
  constructor(
    private readonly readModels: ReadModels,
    private readonly directory: Directory,
    private readonly current: CurrentDirectory,
  ) {}

  async holds({ issuerId, notAfter, createdPosition }: CertificateRow, now: Date): Promise<boolean> {
    if (Date.parse(notAfter) <= now.getTime()) return true;
    const issuer = await this.readModels.authorities.find({ id: issuerId });
    if (!issuer) return false;
    const { networkId, backboneId, ordinal } = issuer;
    const { rotations } = this.directory;
    if (rotations.isRetired(networkId ?? backboneId, ordinal)) return true;
    const owners = [networkId, backboneId].filter((id) => id !== null);
    return rotations.mayBeBehind(owners, createdPosition);
  }

  /**
   * The same for whoever is told so for good, as of a moment ago.
   * @throws Rejection `directory.behind`, `directory.halted`
   */
  async holdsNow(row: CertificateRow, now: Date): Promise<boolean> {
    if (await this.holds(row, now)) return true;
    await this.current.now();
    return this.holds(row, now);
  }
}
