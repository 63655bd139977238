/** A hundred thousand packets of log-uniform size from host to host over two virtual boards, with spoilt cables, pulled plugs
 * and brown-outs; what must hold is asserted at each packet. */
import { deliver } from "../hardware/virtual/delivery.ts";
import type { Row } from "./bench.ts";

const PACKETS = 100_000;

export function bench(): Row[] {
  const before = process.cpuUsage().user;
  const result = deliver(PACKETS, 1);
  const seconds = (process.cpuUsage().user - before) / 1e6;
  return [
    { metric: "settled", value: (result.sent + result.dropped + result.unknown) / PACKETS, unit: "of 10^5 packets" },
    { metric: "sent", value: result.sent, unit: "packets" },
    { metric: "dropped", value: result.dropped, unit: "packets" },
    { metric: "unknown", value: result.unknown, unit: "packets" },
    { metric: "arrived", value: result.arrived, unit: "packets" },
    { metric: "faulty-bytes", value: result.faultyBytes, unit: "bytes" },
    { metric: "virtual-time", value: Math.round(result.virtualSeconds), unit: "seconds" },
    { metric: "time", value: Math.round(seconds), unit: "seconds" },
  ];
}
