/** Makes the folder of static files that a kiosk serves: one script and its lazy parts, one style, a font, and a page for at home
 * that is a single file. Everything is local, and stands compressed beside itself. */
import { copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { build, type Options } from "tsup";

export interface BuiltFile {
  /** Below the folder. */
  readonly name: string;
  readonly size: number;
  /** By brotli, or as it is where that gains nothing. */
  readonly compressedSize: number;
}

/** `source` is this folder's parent; `out` is emptied first. */
export async function buildPage(source: string, out: string): Promise<readonly BuiltFile[]> {
  rmSync(out, { recursive: true, force: true });
  mkdirSync(join(out, "download"), { recursive: true });
  await build({ ...common(source), entry: entriesOf(source), outDir: out, splitting: true });
  for (const [name, as] of PLAIN) copyFileSync(join(source, name), join(out, as));
  for (const [name, parts] of STYLES) writeFileSync(join(out, name), styleOf(source, parts));
  const alone = join(out, "alone");
  await build({ ...common(source), entry: { verify: join(source, "verify.ts") }, outDir: alone, splitting: false });
  writeFileSync(
    join(out, "download", "verify-a-roll.html"),
    singleFile(source, readFileSync(join(alone, "verify.js"), "utf8")),
  );
  rmSync(alone, { recursive: true });
  return filesBelow(out).map((name) => compress(out, name));
}

const ENTRIES: readonly string[] = Object.freeze(["kiosk", "operator", "overview"]);

const entriesOf = (source: string): Record<string, string> =>
  Object.fromEntries(ENTRIES.map((name) => [name, join(source, `${name}.ts`)]));

const STYLES: readonly (readonly [name: string, parts: readonly string[]])[] = Object.freeze([
  [
    "kiosk.css",
    [
      ...["font.css", "base.css", "bar.css", "felt.css", "chips.css", "dice.css", "side.css", "tray.css"],
      ...["panels.css", "trust.css", "small.css"],
    ],
  ] as const,
  ["operator.css", ["font.css", "base.css", "bar.css", "operator.css"]] as const,
]);
const VERIFIER_STYLES: readonly string[] = Object.freeze(["base.css", "dice.css", "trust.css", "verifier.css"]);
const PLAIN: readonly (readonly [name: string, as: string])[] = Object.freeze([
  ["kiosk.html", "index.html"] as const,
  ...["operator.html", "overview.html", "icon.svg"].map((name) => [name, name] as const),
  ["fonts/oswald-latin-600-normal.woff2", "oswald-latin-600-normal.woff2"] as const,
]);

/** No package is left for the browser to ask for, and what only Node has is replaced. */
function common(source: string): Options {
  const trust = join(source, "trust");
  return {
    ...{ format: "esm", platform: "browser", target: "es2022", minify: true, clean: false, silent: true, dts: false },
    ...{
      config: false,
      noExternal: [/.*/],
      tsconfig: join(source, "tsconfig.json"),
      outExtension: () => ({ js: ".js" }),
    },
    removeNodeProtocol: false,
    inject: [join(trust, "node-buffer.ts")],
    esbuildOptions(options) {
      options.legalComments = "none";
      options.alias = { "node:crypto": join(trust, "node-crypto.ts") };
      options.chunkNames = "part.[hash]";
    },
  };
}

/** The parts in their order; comments and indentation are for those who read the sources. */
const styleOf = (source: string, names: readonly string[]): string =>
  names
    .map((name) => readFileSync(join(source, "style", name), "utf8"))
    .join("\n")
    .replace(/\/\*[\s\S]*?\*\//g, "")
    .replace(/\s+/g, " ")
    .replace(/\s?([{};,])\s?/g, "$1");

/** A closing tag within the script would end it. */
function singleFile(source: string, script: string): string {
  const fill = (text: string, mark: string, by: string): string => text.split(`<!-- ${mark} -->`).join(by);
  const style = `<style>${styleOf(source, VERIFIER_STYLES)}</style>`;
  const html = fill(readFileSync(join(source, "verify.html"), "utf8"), "style", style);
  return fill(html, "script", `<script type="module">${script.replaceAll("</script", "<\\/script")}</script>`);
}

function compress(out: string, name: string): BuiltFile {
  const path = join(out, name);
  const bytes = readFileSync(path);
  if (name.endsWith(".woff2")) return { name, size: bytes.length, compressedSize: bytes.length };
  const brotli = brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: BROTLI_QUALITY } });
  writeFileSync(`${path}.br`, brotli);
  writeFileSync(`${path}.gz`, gzipSync(bytes, { level: 9 }));
  return { name, size: bytes.length, compressedSize: brotli.length };
}

const BROTLI_QUALITY = 11;

function filesBelow(folder: string, under = ""): string[] {
  return readdirSync(join(folder, under)).flatMap((name) => {
    const path = under === "" ? name : `${under}/${name}`;
    return statSync(join(folder, path)).isDirectory() ? filesBelow(folder, path) : [path];
  });
}
