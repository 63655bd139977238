import { mkdtempSync, renameSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { realClock } from "../../../../hardware/virtual/fronts/clock.ts";
import { openSocketFront } from "../../../../hardware/virtual/fronts/socket-front.ts";
import { Ear, opened } from "./ear.ts";

let where = "";
beforeEach(() => {
  where = mkdtempSync(join(tmpdir(), "hardway-front-"));
});
afterEach(() => rmSync(where, { recursive: true }));

describe("a socket", () => {
  test("that a server left behind is taken away, and one that answers is not", async () => {
    const path = join(where, "a.sock");
    const left = createServer();
    await new Promise<void>((done) => left.listen(path, done));
    const refused = await openSocketFront({ type: "unix", path }, new Ear(), realClock);
    expect(refused.ok ? "" : refused.why).toBe(`making the socket ${path}: another program serves it`);
    // Away while it closes, so that what it leaves is what a killed one leaves.
    renameSync(path, join(where, "aside"));
    await new Promise<void>((done) => left.close(() => done()));
    renameSync(join(where, "aside"), path);
    const front = opened(await openSocketFront({ type: "unix", path }, new Ear(), realClock));
    expect(front.device).toBe(`unix:${path}`);
    await front.close();
  });

  test("whose port another program has is refused by name", async () => {
    const front = opened(await openSocketFront({ type: "tcp", port: 0 }, new Ear(), realClock));
    if (front.place.type !== "tcp") throw new Error("it is a port");
    const { port } = front.place;
    const refused = await openSocketFront({ type: "tcp", port }, new Ear(), realClock);
    expect(refused.ok ? "" : refused.why).toMatch(new RegExp(`^listening at tcp://127.0.0.1:${port}: .*EADDRINUSE`));
    await front.close();
  });
});
