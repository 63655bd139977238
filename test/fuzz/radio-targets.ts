/** What a host and its radio say to each other. */
import { encode } from "../../protocol/bytes/codec.ts";
import { chance, drawBytes } from "../../protocol/core/chance.ts";
import { Command } from "../../protocol/radio/command.ts";
import { Report } from "../../protocol/radio/report.ts";
import { commands, reports } from "../protocol/radio/examples.ts";
import { layout } from "./target.ts";

const packet = drawBytes(chance(4), 200);

const orders: readonly Command[] = [
  ...Object.values(commands),
  { ...commands.send, packet },
  { ...commands.start, name: "kiosk ♠" },
  { ...commands.power, state: undefined },
];
const news: readonly Report[] = [
  ...Object.values(reports),
  { ...reports.received, packet },
  { ...reports.counters, values: [0, 127, 128, 2 ** 40] },
];

export const radioTargets = {
  command: layout(
    Command,
    orders.map((each) => encode(Command, each)),
  ),
  report: layout(
    Report,
    news.map((each) => encode(Report, each)),
  ),
};
