/** Two processes over two virtual boards on ptys, in real time: `test/exchange`, long. */

import { assert } from "../../protocol/core/assert.ts";
import { exchange } from "../exchange/exchange.ts";
import type { Row } from "./bench.ts";

const PACKETS = 1000;

export async function bench(): Promise<Row[]> {
  const { sums, wrong, links, unplugged, brownOuts, bytes, seconds } = await exchange({
    ...{ board: "esp32-nodemcu", front: "pty", packets: PACKETS, errorRate: 1e-5, seed: 1 },
    onWords: (words) => process.stderr.write(`${(performance.now() / 1000).toFixed(1).padStart(7)} s  ${words}\n`),
  });
  for (const breach of wrong) process.stderr.write(`${breach}\n`);
  assert(wrong.length === 0, "every packet ends once, as what it was");
  const total = (of: "sent" | "dropped" | "unknown" | "arrived"): number =>
    sums.reduce((sum, each) => sum + each[of], 0);
  return [
    { metric: "packets-given", value: 2 * PACKETS, unit: "packets" },
    ...(["sent", "dropped", "unknown", "arrived"] as const).map((of) => ({
      ...{ metric: `packets-${of}`, value: total(of), unit: "packets" },
    })),
    { metric: "links", value: links.reduce((sum, count) => sum + count, 0), unit: "both parties together" },
    { metric: "disturbances", value: unplugged + brownOuts, unit: "cables pulled and supplies lost" },
    { metric: "goodput", value: bytes / seconds, unit: "B/s, both ways" },
    { metric: "time", value: seconds, unit: "s" },
  ];
}
