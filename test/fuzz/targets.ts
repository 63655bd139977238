/** Every decoder that a stranger's bytes reach, by name. A new one is a line in the table of its layer. */
import { agreementTargets } from "./agreement-targets.ts";
import { airTargets } from "./air-targets.ts";
import { byteTargets } from "./byte-targets.ts";
import { messageTargets } from "./message-targets.ts";
import { radioTargets } from "./radio-targets.ts";
import type { Target } from "./target.ts";
import { wireTargets } from "./wire-targets.ts";

export const targets: ReadonlyMap<string, Target> = new Map(
  Object.entries({
    ...byteTargets,
    ...wireTargets,
    ...radioTargets,
    ...airTargets,
    ...messageTargets,
    ...agreementTargets,
  }),
);
