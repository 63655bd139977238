import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { brotliCompressSync, brotliDecompressSync } from "node:zlib";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { CONTENT_POLICY } from "../../../../host/web/server/replies.ts";
import { closeRigs, rig } from "./rig.ts";

let above: string;
let page: string;

beforeAll(() => {
  above = mkdtempSync(join(tmpdir(), "hardway-page-"));
  page = join(above, "page");
  mkdirSync(join(page, "download"), { recursive: true });
  writeFileSync(join(above, "secret.txt"), "a secret");
  writeFileSync(join(page, "index.html"), "<!doctype html>");
  writeFileSync(join(page, "main.0a1b2c3d.js"), "let a = 1;");
  writeFileSync(join(page, "main.0a1b2c3d.js.br"), brotliCompressSync("let a = 1;"));
  writeFileSync(join(page, "download", "verifier.html"), "<script>1</script>");
  writeFileSync(join(page, "kiosk-overview.css"), "a {}");
  writeFileSync(join(page, "notes.sh"), "echo");
  symlinkSync(join(above, "secret.txt"), join(page, "link.txt"));
});
afterAll(() => rmSync(above, { recursive: true }));
afterEach(closeRigs);

describe("the page's files", () => {
  test("are served with a policy that lets nothing in from elsewhere", async () => {
    const { ask } = await rig({ page });
    const { status, text, headers } = await ask("/");
    expect([status, text, headers["content-type"]]).toEqual([200, "<!doctype html>", "text/html; charset=utf-8"]);
    expect(headers["content-security-policy"]).toBe(CONTENT_POLICY);
    expect(CONTENT_POLICY).toContain("default-src 'self'");
    expect(CONTENT_POLICY).not.toContain("unsafe");
    expect(headers["x-content-type-options"]).toBe("nosniff");
  });

  test("come compressed where they were built so, and are asked for once", async () => {
    const { ask } = await rig({ page });
    const { headers, text } = await ask("/main.0a1b2c3d.js");
    expect([text, headers["cache-control"]]).toEqual(["let a = 1;", "public, max-age=31536000, immutable"]);
    expect((await ask("/kiosk-overview.css")).headers["cache-control"]).toBe("no-cache");
    const packed = await ask("/main.0a1b2c3d.js", { headers: { "accept-encoding": "gzip, br" } });
    expect(packed.headers["content-encoding"]).toBe("br");
    expect(packed.headers["content-length"]).toBe(`${brotliCompressSync("let a = 1;").length}`);
    expect(brotliDecompressSync(brotliCompressSync("let a = 1;")).toString()).toBe(text);
    const again = await ask("/", { headers: { "if-none-match": `${(await ask("/")).headers["etag"]}` } });
    expect([again.status, again.text]).toEqual([304, ""]);
  });

  test("what is to be kept is not shown", async () => {
    const { ask } = await rig({ page });
    expect((await ask("/download/verifier.html")).headers["content-disposition"]).toBe("attachment");
  });

  test.each([
    ...["/../secret.txt", "/..%2fsecret.txt", "/%2e%2e/secret.txt", "/..\\secret.txt", "//secret.txt", "/./index.html"],
    ...["/link.txt", "/notes.sh", "/main.0a1b2c3d.js.br", "/download", "/download/", "/index.html%00", "/INDEX.html"],
    "/download/../../secret.txt",
  ])("nothing else is there: %s", async (path) => {
    const { ask } = await rig({ page });
    const reply = await ask(path);
    expect([reply.status, reply.json().why]).toEqual([404, "no such page"]);
  });

  test("another page has another build, which open pages are told", async () => {
    const build = async (folder: string) => {
      const { until } = await (await rig({ page: folder })).watch();
      const frame = await until(({ type }) => type === "view");
      return frame.type === "view" ? frame.build : "";
    };
    const before = await build(page);
    expect(await build(page)).toBe(before);
    writeFileSync(join(page, "index.html"), "<!doctype html><p>");
    expect(await build(page)).not.toBe(before);
    writeFileSync(join(page, "index.html"), "<!doctype html>");
    expect(await build(join(above, "nowhere"))).not.toBe(before);
  });
});
