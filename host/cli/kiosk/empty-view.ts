/** What is shown of a kiosk that has shown nothing yet. */
import { NO_FAULTS } from "../../web/contract/faults-part.ts";
import type { KioskNow } from "../../web/server/kiosk-port.ts";

export function emptyView(of: {
  readonly name: string;
  readonly version: string;
  readonly isVirtual: boolean;
}): KioskNow["view"] {
  const { name, version, isVirtual } = of;
  return {
    kiosk: { name, version, key: null, member: null, startedAt: 0, isPlayMoney: true, isVirtual, pausedUntil: null },
    table: { id: null, epoch: 0, game: "craps", seatsMax: 0, faultsMax: 0 },
    members: [],
    consensus: {
      ...{ view: 0, sequence: 0, primary: null, isChanging: false, viewChanges: 0, operations: 0 },
      ...{ fast: 0, slow: 0, waiting: 0, latenciesMs: [], muted: null },
    },
    ...{ craps: null, own: [], rolls: [], ledger: null, radios: [] },
    mesh: {
      ...{ links: [], parts: [], isPartitioned: false, connectivity: 0 },
      ...{ sent: 0, dropped: 0, unknown: 0, overtaken: 0, refused: {} },
    },
    recovery: {
      ...{ state: "starting", words: "Its process starts.", waits: [], behind: null },
      journal: { records: 0, verdict: "unread", sequence: 0 },
    },
    trust: { evidence: [], upheld: 0, dismissed: 0 },
    operator: {
      ...{ faults: NO_FAULTS, backups: [], writtenBytesADay: null, dice: null },
      pairing: { stage: "none", code: null, words: "", peer: null, endsAt: null },
    },
  };
}
