/** What the host of XS promises, as one program: the first argument names what to do. */
import { assert } from "../../../protocol/core/assert.ts";
import { left } from "./diamond/left.ts";
import { right } from "./diamond/right.ts";
import { order } from "./diamond/shared.ts";

type Node = { next: Node | undefined };

function recurse(depth: number): number {
  return depth === 0 ? 0 : 1 + recurse(depth - 1);
}

function keepChunks(count: number): number {
  const kept: Uint8Array[] = [];
  for (let index = 0; index < count; index++) kept.push(new Uint8Array(1024));
  return kept.length;
}

function keepSlots(count: number): Node {
  let chain: Node = { next: undefined };
  for (let index = 0; index < count; index++) chain = { next: chain };
  return chain;
}

function dropChunks(count: number): number {
  let bytes = 0;
  for (let index = 0; index < count; index++) bytes += new Uint8Array(1024).length;
  return bytes;
}

function loop(turns: number): number {
  const before = host.meter();
  let sum = 0;
  for (let turn = 0; turn < turns; turn++) sum += turn;
  assert(sum === (turns * (turns - 1)) / 2, "the sum is a triangle number");
  return host.meter() - before;
}

const action = host.args[0] ?? "";
const count = Number(host.args[1] ?? "0");

if (action === "say") {
  host.print(`${left} and ${right} after ${order.join(", ")}`);
  host.print(host.args.slice(1).join(" "));
} else if (action === "assert") {
  assert(count > 0, "the count is positive");
} else if (action === "keep chunks") {
  host.print(`${keepChunks(count)}`);
} else if (action === "drop chunks") {
  host.print(`${dropChunks(count)}`);
} else if (action === "keep slots") {
  host.print(`${keepSlots(count).next !== undefined}`);
} else if (action === "recurse") {
  host.print(`${recurse(count)}`);
} else if (action === "loop") {
  host.print(`${loop(count)}`);
  host.print(`${host.meter()}`);
} else if (action === "memory") {
  const before = host.memory();
  recurse(count);
  host.gc();
  host.print(JSON.stringify([before, host.memory()]));
} else if (action === "read") {
  host.print(host.readText(host.args[1] ?? ""));
} else if (action === "await") {
  for (let turn = 1; turn <= count; turn++) host.print(`turn ${await Promise.resolve(turn)}`);
} else if (action === "await nothing") {
  await new Promise(() => {});
} else if (action === "reject") {
  Promise.reject(new RangeError("nobody listens"));
} else if (action === "hang") {
  for (;;);
}
