/** The engine that is explored: the one of the sources, or a compiled copy of it in which something was changed. */
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { verifyCertificate } from "../../host/engine/consensus/certificates.ts";
import { judge } from "../../host/engine/consensus/evidence.ts";
import { found } from "../../host/engine/consensus/found.ts";
import { nextHistory } from "../../host/engine/consensus/log.ts";

import { quorum } from "../../host/engine/consensus/quorum.ts";
import { resultOf, select } from "../../host/engine/consensus/select.ts";
import { signBallot, signNewView, signRequest, signViewChange } from "../../host/engine/consensus/statements.ts";
import { step } from "../../host/engine/consensus/step.ts";
import { keyValueMachine } from "../../host/engine/keyvalue/key-value-machine.ts";
import { objectName } from "../../host/engine/objects/tree.ts";

/** What honest members run, and what an attacker may use of it: it has the same software, and its own key. */
const sources = {
  ...{ found, step, keyValueMachine, quorum, judge, select, resultOf, verifyCertificate, nextHistory, objectName },
  ...{ signBallot, signNewView, signRequest, signViewChange },
};
export type Engine = typeof sources;
export const engine: Engine = Object.freeze(sources);

/** Out of a folder like `build`. */
export async function engineIn(folder: string): Promise<Engine> {
  const modules = await Promise.all(
    MODULES.map((path) => import(pathToFileURL(join(folder, "host/engine", `${path}.js`)).href)),
  );
  const all: Record<string, unknown> = Object.assign({}, ...modules);
  const names = Object.keys(sources) as (keyof Engine)[];
  for (const name of names) if (all[name] === undefined) throw new Error(`the copy has no ${name}`);
  return Object.freeze(Object.fromEntries(names.map((name) => [name, all[name]]))) as unknown as Engine;
}

const MODULES = [
  ...["certificates", "evidence", "found", "log", "quorum", "select", "statements", "step"].map(
    (name) => `consensus/${name}`,
  ),
  "keyvalue/key-value-machine",
  "objects/tree",
];
