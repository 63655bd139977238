/** Everything that a kiosk shows, part by part. Parts that have changed are sent whole. */
import { z } from "zod";
import { ConsensusPart } from "./consensus-part.ts";
import { CrapsPart } from "./craps-part.ts";
import { orNull, record } from "./forms.ts";
import { KioskPart, MembersPart, TablePart } from "./kiosk-part.ts";
import { LedgerPart } from "./ledger-part.ts";
import { OperatorPart } from "./operator-part.ts";
import { OwnPart } from "./own-part.ts";
import { MeshPart, RadiosPart } from "./radios-part.ts";
import { RollsPart } from "./rolls-part.ts";
import { AlertsPart, RecoveryPart } from "./state-part.ts";
import { TrustPart } from "./trust-part.ts";

const PARTS = {
  kiosk: KioskPart,
  table: TablePart,
  members: MembersPart,
  consensus: ConsensusPart,
  /** Null while there is no table. */
  craps: orNull(CrapsPart),
  own: OwnPart,
  rolls: RollsPart,
  ledger: orNull(LedgerPart),
  radios: RadiosPart,
  mesh: MeshPart,
  recovery: RecoveryPart,
  trust: TrustPart,
  alerts: AlertsPart,
  /** Null for whoever has shown no PIN. */
  operator: orNull(OperatorPart),
};

export const KioskView = record(PARTS);
export type KioskView = z.output<typeof KioskView>;
export type PartName = keyof KioskView;

export const PART_NAMES: readonly PartName[] = Object.freeze(Object.keys(PARTS) as PartName[]);

/** Those of the parts that have changed. */
export const SomeParts = z.strictObject(PARTS).partial().readonly();
export type SomeParts = { readonly [Name in PartName]?: KioskView[Name] };
