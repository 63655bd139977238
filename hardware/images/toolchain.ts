/** What a build needs that this project does not bring: the Moddable SDK, and for a whole image the vendor's kit. Each thing
 * that is missing is named with the way to get it. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Refusal } from "./refusal.ts";

const MODDABLE_WORDS = "https://www.moddable.com/documentation/Moddable%20SDK%20-%20Getting%20Started";

export interface Toolchain {
  readonly ok: true;
  /** The SDK's folder. */
  readonly moddable: string;
  readonly mcconfig: string;
  /** For `image.json`. */
  readonly sdk: string;
  readonly environment: NodeJS.ProcessEnv;
}

/** Enough to link the program's archive, without a compiler for the chip. */
export function findModdable(environment: NodeJS.ProcessEnv): Toolchain | Refusal {
  const moddable = environment["MODDABLE"];
  if (moddable === undefined || moddable === "") {
    return refuse("MODDABLE is not set", `install the Moddable SDK and set MODDABLE to its folder: ${MODDABLE_WORDS}`);
  }
  if (!existsSync(join(moddable, "modules"))) {
    return refuse(
      `MODDABLE names ${moddable}, which holds no Moddable SDK`,
      "set it to the folder that holds `modules`",
    );
  }
  const host = process.platform === "darwin" ? "mac" : "lin";
  const tools = join(moddable, "build", "bin", host, "release");
  const mcconfig = join(tools, "mcconfig");
  if (!existsSync(mcconfig)) {
    const folder = join(moddable, "build", "makefiles", host);
    return refuse(`the SDK's tools are not built: ${mcconfig} is missing`, `run: make -C ${folder}`);
  }
  const path = `${tools}:${environment["PATH"] ?? ""}`;
  return { ok: true, moddable, mcconfig, sdk: versionOf(moddable), environment: { ...environment, PATH: path } };
}

/** All that an image for this platform takes. */
export function findToolchain(platform: string, environment: NodeJS.ProcessEnv): Toolchain | Refusal {
  const moddable = findModdable(environment);
  if (!moddable.ok) return moddable;
  return platform.startsWith("nrf52/") ? findNordic(moddable, environment) : findEspressif(moddable, environment);
}

function findNordic(moddable: Toolchain, environment: NodeJS.ProcessEnv): Toolchain | Refusal {
  const words = `${environment["MODDABLE"]}/documentation/devices/nrf52.md`;
  const sdk = environment["NRF_SDK_DIR"];
  if (sdk === undefined || !existsSync(join(sdk, "components", "softdevice"))) {
    return refuse(
      sdk === undefined ? "NRF_SDK_DIR is not set" : `NRF_SDK_DIR names ${sdk}, which holds no nRF5 SDK`,
      `install the nRF5 SDK 17.0.2 with the changes that ${words} describes, and set NRF_SDK_DIR to its folder`,
    );
  }
  const home = environment["NRF_ROOT"] ?? join(environment["HOME"] ?? "", "nrf5");
  const compiler = environment["NRF52_GCC_ROOT"];
  if (compiler === undefined ? !existsSync(home) : !existsSync(join(compiler, "bin", "arm-none-eabi-gcc"))) {
    return refuse(
      `the compiler for the nRF52 is missing: ${compiler ?? home}`,
      `install the Arm GNU toolchain 12.2 (arm-none-eabi) below ${home}, or set NRF52_GCC_ROOT; see ${words}`,
    );
  }
  return moddable;
}

function findEspressif(moddable: Toolchain, environment: NodeJS.ProcessEnv): Toolchain | Refusal {
  const words = `${environment["MODDABLE"]}/documentation/devices/esp32.md`;
  const idf = environment["IDF_PATH"];
  if (idf === undefined || !existsSync(join(idf, "export.sh"))) {
    return refuse(
      idf === undefined ? "IDF_PATH is not set" : `IDF_PATH names ${idf}, which holds no ESP-IDF`,
      `install ESP-IDF as ${words} describes and run \`source $IDF_PATH/export.sh\` in this terminal`,
    );
  }
  return moddable;
}

function versionOf(moddable: string): string {
  try {
    return `Moddable ${readFileSync(join(moddable, "tools", "VERSION"), "utf8").trim()}`;
  } catch {
    return "Moddable, of an unknown version";
  }
}

const refuse = (why: string, next: string): Refusal => ({ ok: false, why, next });
