/** What identities cost: those who make them, those who verify them, and a table that votes meanwhile. */
import { openArgon2 } from "../../host/crypto/work/open-argon2.ts";
import type { Row } from "./bench.ts";
import { flood } from "./identity-flood.ts";
import { argon2Row, miningRow } from "./identity-mining.ts";
import { verifyRows } from "./identity-table.ts";

export async function bench(): Promise<Row[]> {
  const argon2 = await openArgon2();
  const rows = await verifyRows(argon2);
  rows.push(await argon2Row("argon2-light", "bleLight", argon2, 100, 40));
  rows.push(await argon2Row("argon2-ecrust", "ecRust", argon2, 50, 200));
  rows.push(await miningRow("mine-2-cores", 13, 600));
  const { quietMs, floodedMs, ratio, shown, refused } = await flood(100, 300);
  rows.push({ metric: "flood-latency", value: floodedMs, unit: "ms", baseline: quietMs, ratio });
  const hashed = (refused["forged"] ?? 0) + (refused["too little work"] ?? 0);
  rows.push({ metric: "flood-verified", value: hashed, unit: "records", baseline: shown });
  return rows;
}
