import {
  ManageLinkCertificateDue,
  ManageLinkCertificateRequested,
  ManagementSiteCertificateRequested,
  ManagementSiteMoved,
  ManagementSiteRegistered,
} from '@caravan/events';
import type { ManagementSiteEvent } from '@caravan/events';
import { assertNever, Rejection } from '@caravan/event-store';
import type { Command, Decider } from '@caravan/event-store';

interface Control {
  readonly controlHost: string;
  readonly controlPort: number;
}
interface Asked {
  readonly siteId: string;
  readonly certificateId: string;
  readonly ordinal: number;
  readonly claimantKey: string;
  readonly csr: string;
}

export type ManagementSiteState =
  | { readonly status: 'unknown' }
  | (Control & {
      readonly status: 'registered';
      /** The highest ordinal that somebody wanted, by backbone. */
      readonly due: Map<string, number>;
      /** By `<backbone>/<ordinal>`, or `/<ordinal>` of what it is known by itself. */
      readonly certificates: Map<string, { readonly certificateId: string; readonly claimantKey: string }>;
    });

export type ManagementSiteCommand =
  | (Command<'RegisterManagementSite'> & Control & { readonly siteId: string; readonly name: string })
  | (Command<'RequireManageLinkCertificate'> & {
      readonly siteId: string;
      readonly backboneId: string;
      readonly ordinal: number;
    })
  | (Command<'RequestManageLinkCertificate'> & Asked & { readonly backboneId: string })
  | (Command<'RequestManagementSiteCertificate'> & Asked);

/** The management plane's own site: registered from configuration at every start, moved when that changed. */
export const managementSite: Decider<ManagementSiteState, ManagementSiteCommand, ManagementSiteEvent> = {
  initial: () => ({ status: 'unknown' }),

  decide(command, state) {
    const { siteId } = command;
    switch (command.type) {
      case 'RegisterManagementSite': {
        const { name, controlHost, controlPort } = command;
        if (state.status === 'unknown') return [ManagementSiteRegistered({ siteId, name, controlHost, controlPort })];
        const moved = state.controlHost !== controlHost || state.controlPort !== controlPort;
        return moved ? [ManagementSiteMoved({ siteId, controlHost, controlPort })] : [];
      }
      case 'RequireManageLinkCertificate': {
        if (state.status === 'unknown') throw new Rejection('site.unknown', { siteId });
        const { backboneId, ordinal } = command;
        if (ordinal <= (state.due.get(backboneId) ?? 1)) return [];
        return [ManageLinkCertificateDue({ siteId, backboneId, ordinal })];
      }
      case 'RequestManageLinkCertificate': {
        if (state.status === 'unknown') throw new Rejection('site.unknown', { siteId });
        const { backboneId, certificateId, ordinal, claimantKey, csr } = command;
        if (state.certificates.get(`${backboneId}/${ordinal}`)?.claimantKey === claimantKey) return [];
        return [ManageLinkCertificateRequested({ siteId, backboneId, certificateId, ordinal, claimantKey, csr })];
      }
      case 'RequestManagementSiteCertificate': {
        if (state.status === 'unknown') throw new Rejection('site.unknown', { siteId });
        const { certificateId, ordinal, claimantKey, csr } = command;
        if (state.certificates.get(`/${ordinal}`)?.claimantKey === claimantKey) return [];
        return [ManagementSiteCertificateRequested({ siteId, certificateId, ordinal, claimantKey, csr })];
      }
      default:
        return assertNever(command);
    }
  },

  evolve(state, event) {
    switch (event.type) {
      case 'ManagementSiteRegistered': {
        const { controlHost, controlPort } = event.data;
        return { status: 'registered', controlHost, controlPort, due: new Map(), certificates: new Map() };
      }
      case 'ManagementSiteMoved': {
        const { controlHost, controlPort } = event.data;
        return state.status === 'unknown' ? state : { ...state, controlHost, controlPort };
      }
      case 'ManageLinkCertificateDue': {
        if (state.status === 'registered') state.due.set(event.data.backboneId, event.data.ordinal);
        return state;
      }
      case 'ManageLinkCertificateRequested': {
        if (state.status === 'unknown') return state;
        const { backboneId, ordinal, certificateId, claimantKey } = event.data;
        state.certificates.set(`${backboneId}/${ordinal}`, { certificateId, claimantKey });
        return state;
      }
      case 'ManagementSiteCertificateRequested': {
        if (state.status === 'unknown') return state;
        const { ordinal, certificateId, claimantKey } = event.data;
        state.certificates.set(`/${ordinal}`, { certificateId, claimantKey });
        return state;
      }
      default:
        return assertNever(event);
    }
  },
};
