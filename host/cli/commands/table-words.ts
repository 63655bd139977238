/** A table in a few lines: what people compare when they carry it from kiosk to kiosk. */
import { faultsOf } from "../../config/defaults.ts";
import { bytesOf, type TableFile } from "../kiosk/table-file.ts";
import { fingerprint } from "./identity-words.ts";

/** `own`: this kiosk's key. */
export function tableWords({ table, members, names, seats, bets }: TableFile, own: string | undefined): string[] {
  const faults = faultsOf(members.length);
  const bears = faults === 0 ? "bears no Byzantine one" : `bears ${faults} Byzantine`;
  return [
    `Table ${table.slice(0, 8)}: ${members.length} kiosks, ${bears}; ${seats ?? members.length} seats, ${bets ?? "full"} layout.`,
    ...members.map((key) => {
      const name = names?.[key] ?? "(no name)";
      return `  ${name}${key === own ? " (this one)" : ""}: ${fingerprint(bytesOf(key))}`;
    }),
  ];
}
