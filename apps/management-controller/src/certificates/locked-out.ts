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

  /** @throws Rejection `directory.behind`, `directory.halted` */
  async holds({ issuerId, notAfter, createdPosition }: CertificateRow, now: Date): Promise<boolean> {
    if (Date.parse(notAfter) <= now.getTime()) return true;
    const issuer = await this.readModels.authorities.find({ id: issuerId });
    if (!issuer) return false;
    const { networkId, backboneId, ordinal } = issuer;
    const owners = [networkId, backboneId].filter((id) => id !== null);
    const isBehind = ({ rotations }: Directory): boolean =>
      rotations.isRetired(networkId ?? backboneId, ordinal) || rotations.mayBeBehind(owners, createdPosition);
    // That it is let in is final: whoever is told so does not come by this file again.
    return isBehind(this.directory) || isBehind(await this.current.now());
  }
}
