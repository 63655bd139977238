/** `hardway install`: a kiosk as a service of its machine, shown before it is done. */
import { existsSync, realpathSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { installPlan } from "../../../hardware/system/install-plan.ts";
import { machine } from "../../../hardware/system/machine.ts";
import {
  BROWSERS,
  DEFAULT_BACKUPS,
  DEFAULT_CONFIG,
  DEFAULT_USER,
  isPersonal,
  isWithin,
  type Places,
  STATE_FOLDER,
} from "../../../hardware/system/places.ts";
import { type ConfigPlaces, placesOf } from "../../config/config-file.ts";
import type { Config } from "../../config/defaults.ts";
import { parseConfig } from "../../config/parse-config.ts";
import { type Command, type Input, InputError, UsageError } from "../command.ts";
import type { Exit } from "../exit-codes.ts";
import type { Io } from "../io.ts";
import { HOUSE_ADDRESSES } from "../kiosk/web-of-config.ts";
import { nearest } from "../nearest.ts";
import { configText, tellProblems } from "./config-source.ts";
import { carryOut, checkRights } from "./install-steps.ts";

export const install: Command = {
  words: ["install"],
  about: "Makes the kiosk a service that starts with this machine: shows each step, asks, and does it.",
  more: "Run again it does what is missing, and nothing where nothing is. It takes root, but for --dry-run.",
  options: {
    "dry-run": { about: "shows each step, with every file that would be written, and does nothing" },
    config: { value: "FILE", default: DEFAULT_CONFIG, about: "the kiosk's configuration" },
    user: { value: "NAME", default: DEFAULT_USER, about: "whom it runs as; made where there is no such user" },
    backups: { value: "FOLDER", default: DEFAULT_BACKUPS, about: "where a backup a day goes" },
    listen: {
      value: "ADDRESS",
      about: `the page for the house as well, at ${HOUSE_ADDRESSES.join(" or ")}: wants a PIN`,
    },
    screen: { about: "also the page on this machine's screen, for whoever is logged in there" },
    root: { value: "FOLDER", about: "installs into a system that does not run, as on a card" },
    yes: { about: "does not ask" },
  },
  async run(input, io) {
    const root = input.text("root") === undefined ? undefined : resolve(input.text("root") as string);
    const read = await configAt(input, root, io);
    if (typeof read === "string") return read;
    const { config, path, own } = read;
    const hasScreen = input.flag("screen");
    if (hasScreen && !config.web.enabled) throw new UsageError("--screen shows the page, and web.enabled is false");
    const isDryRun = input.flag("dry-run");
    const command = "hardway install";
    if (!isDryRun) checkRights(root, command);
    const places = placesFor(input, config, path, own, root);
    for (const line of bewareOf(places)) io.err(line);
    const here = machine(root);
    const owned = [path, own.folder, ...(own.passphraseFile === undefined ? [] : [own.passphraseFile])];
    const steps = installPlan(places, { ...(root === undefined ? {} : { root }), owned, hasScreen }, here.facts);
    return carryOut(steps, here, { isDryRun, isSure: input.flag("yes"), command }, io);
  },
};

interface ReadConfig {
  readonly config: Config;
  /** On the machine that it is installed on. */
  readonly path: string;
  readonly own: ConfigPlaces;
}

async function configAt(input: Input, root: string | undefined, io: Io): Promise<ReadConfig | Exit> {
  const path = resolve(input.text("config") as string);
  const file = root === undefined ? path : join(root, path);
  if (!existsSync(file)) {
    throw new InputError("missing", `there is no ${file}.`, "hardway init makes one; name it with --config.");
  }
  const parsed = parseConfig(await configText(file), nearest);
  if (!parsed.ok) return tellProblems(io, file, parsed.problems);
  const own = placesOf(parsed.config, path);
  if (isWithin(own.folder, "/etc")) {
    const next = `hardway config set kiosk.folder ${STATE_FOLDER} --file ${path}`;
    throw new InputError("unsound", `the kiosk's folder would be ${own.folder}, which is for settings.`, next);
  }
  return { config: parsed.config, path, own };
}

function placesFor(input: Input, { web }: Config, config: string, own: ConfigPlaces, root = "/"): Places {
  const [user, listen] = [input.text("user") as string, input.text("listen")];
  if (listen !== undefined && !HOUSE_ADDRESSES.includes(listen)) {
    throw new UsageError(`--listen takes ${HOUSE_ADDRESSES.join(" or ")}, not "${listen}"`);
  }
  if (!/^[a-z_][a-z0-9_-]{0,30}$/.test(user) || user === "root") {
    throw new UsageError(`--user takes the name of a user that is not root, not "${user}"`);
  }
  return {
    node: realpathSync(process.execPath),
    program: realpathSync(process.argv[1]),
    ...{ config, user, folder: own.folder, backups: resolve(input.text("backups") as string) },
    logFolders: own.logFile === undefined ? [] : [dirname(own.logFile)],
    browser: browserIn(root),
    listen,
    pageUrl: web.enabled ? `http://${web.host === "::1" ? "[::1]" : web.host}:${web.port}/` : undefined,
  };
}

const browserIn = (root: string): string => BROWSERS.find((path) => existsSync(join(root, path))) ?? BROWSERS[0];

/** What works on one machine and not on the next. */
function bewareOf({ node, program, config, user, listen }: Places): string[] {
  const shown =
    listen === undefined
      ? []
      : [`Beware: the page is shown to the house, over plain HTTP. Without hardway pin the kiosk does not start.`];
  return [node, program, config]
    .filter(isPersonal)
    .map((path) => `Beware: ${path} lies in a person's folder, which ${user} may not be let into: see ls -ld there.`)
    .concat(shown);
}
