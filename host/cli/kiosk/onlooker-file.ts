/** That this kiosk only looks on at its table: it has no place, no vote and no seat, and its screen shows what all agree on. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { utf8Encode } from "../../../protocol/bytes/utf8.ts";
import { FEATURES } from "../../../protocol/core/version.ts";
import type { JoinRequest } from "../../../protocol/message/join.ts";
import { writePrivate } from "../../node/private-file.ts";
import { OWN_VERSION } from "./lobby.ts";

export const ONLOOKER_FILE = "looks-on";

export const onlookerPath = (folder: string): string => join(folder, ONLOOKER_FILE);

export const looksOnIn = (folder: string): boolean => existsSync(onlookerPath(folder));

export const writeOnlooker = (folder: string): void =>
  writePrivate(onlookerPath(folder), utf8Encode("This kiosk looks on at its table: hardway table leave ends that.\n"));

/** A place has a price; to look has none. */
export const onlookerRequest = (name: string, software: string): JoinRequest => ({
  version: { ...OWN_VERSION, features: OWN_VERSION.features | FEATURES.spectators },
  ...{ software, name, role: "spectator", seats: 0, proof: new Uint8Array(0) },
});
