/** Asks the members of a table for a place, over this kiosk's own radios. */
import { randomBytes } from "node:crypto";
import type { JoinRequest } from "../../../protocol/message/join.ts";
import { sha256 } from "../../crypto/sha256.ts";
import { nodeClock } from "../../node/clock.ts";
import { cryptoPorts } from "../../node/crypto-ports.ts";
import type { Visited } from "../../node/joining-visit.ts";
import type { OwnKey } from "../../node/key-file.ts";
import type { KioskOptions } from "../../node/start-kiosk.ts";
import { startVisit } from "../../node/start-visit.ts";
import { consensusOf } from "./agreed.ts";
import { OWN_VERSION } from "./lobby.ts";
import { onlookerRequest } from "./onlooker-file.ts";
import { agreedAt, bytesOf, type TableFile } from "./table-file.ts";

export interface WantedPlace {
  readonly own: OwnKey;
  readonly table: TableFile;
  /** The table's. */
  readonly secret: Uint8Array;
  readonly radios: KioskOptions["radios"];
  readonly name: string;
  readonly software: string;
  /** The identity record, which a place costs; without it the kiosk asks to look on. */
  readonly proof: Uint8Array | undefined;
  readonly signal: AbortSignal;
  /** What is awaited, as often as that changes. */
  readonly onWords: (words: string) => void;
}

export type AskedPlace = Visited | { readonly type: "nobody" } | { readonly type: "given up" };

/** Boards are tested and found, and links opened, in a fraction of this. */
const LINK_WITHIN_MS = 90_000;
const LOOK_EVERY_MS = 250;

export async function askForPlace(of: WantedPlace): Promise<AskedPlace> {
  const { own, table, secret, radios, name, software, proof, signal } = of;
  const visiting = startVisit({
    ...{ key: own.pair.publicKey.bytes, ports: cryptoPorts(own.pair), consensus: consensusOf(agreedAt(table)) },
    ...{ table: bytesOf(table.table), anchors: table.members.map(bytesOf), version: OWN_VERSION, clock: nodeClock },
    ...{ secret, hash: sha256, draw: () => new Uint8Array(randomBytes(32)), radios, driver: {} },
  });
  try {
    let words = "";
    for (const by = nodeClock.now() + LINK_WITHIN_MS; visiting.mesh.links.size === 0; ) {
      if (signal.aborted) return { type: "given up" };
      if (nodeClock.now() > by) return { type: "nobody" };
      const now = visiting.radios.reports().find(({ isUp }) => !isUp)?.words ?? "Looking for the table's kiosks";
      if (now !== "" && now !== words) of.onWords(now);
      words = now;
      await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    }
    const what = proof === undefined ? "to look on" : "for a place, which takes a minute or two";
    of.onWords(`A kiosk of the table is here: asking ${what}`);
    const given = new Promise<AskedPlace>((resolve) =>
      signal.addEventListener("abort", () => resolve({ type: "given up" }), { once: true }),
    );
    const request: JoinRequest =
      proof === undefined
        ? onlookerRequest(name, software)
        : { version: OWN_VERSION, software, name, role: "member", seats: 1, proof };
    return await Promise.race([visiting.ask(request), given]);
  } finally {
    visiting.close();
  }
}
