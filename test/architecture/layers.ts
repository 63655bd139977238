/** Who may import whom, as data: the picture in docs/architecture.md. A row names a folder and everything below it that has
 * no row of its own; within its folder every file may import every other. A new folder is a new row. */

export interface Layer {
  readonly folder: string;
  /** Folders of this table. */
  readonly imports: readonly string[];
  /** No clock, no chance, no I/O, and nothing that outlives a call but what its caller keeps. */
  readonly pure: boolean;
  /** Packages of npm, whole names. */
  readonly packages: readonly string[];
  /** And those that a bundle is made with, or holds: whoever installs the program has them in it. */
  readonly bundled?: readonly string[];
  /** Modules of the board's SDK, which no package brings. */
  readonly sdk?: readonly string[];
  /** Modules of Node; "any" where talking to the world is the folder's work. */
  readonly node: readonly string[] | "any";
}

const CORE = "protocol/core";
const BYTES = "protocol/bytes";
const FRAME = "protocol/frame";
const LINK = "protocol/link";
const RADIO = "protocol/radio";
const POWER = "protocol/power";
const PACKET = "protocol/packet";
const MESSAGE = "protocol/message";
const AGREEMENT = "protocol/agreement";
const ENVELOPE = "protocol/envelope";

/** What a radio understands: an envelope is bytes to it. */
const ON_A_RADIO = [CORE, BYTES, FRAME, LINK, RADIO, POWER, PACKET];
const PROTOCOL = [...ON_A_RADIO, MESSAGE, AGREEMENT, ENVELOPE];
const MODEM = "firmware-js/modem";

const pure = (folder: string, imports: readonly string[]): Layer => ({
  folder,
  imports,
  pure: true,
  packages: [],
  node: [],
});

export const LAYERS: readonly Layer[] = [
  pure(CORE, []),
  pure(BYTES, [CORE]),
  pure(FRAME, [CORE, BYTES]),
  pure(LINK, [CORE, BYTES, FRAME]),
  pure(RADIO, [CORE, BYTES]),
  pure(POWER, [CORE, BYTES]),
  pure(PACKET, [CORE, BYTES, POWER]),
  pure(MESSAGE, [CORE, BYTES, PACKET]),
  pure(AGREEMENT, [CORE, BYTES, MESSAGE]),
  pure(ENVELOPE, [CORE, BYTES, PACKET, MESSAGE, AGREEMENT]),

  pure(MODEM, ON_A_RADIO),
  {
    folder: "firmware-js",
    imports: [...ON_A_RADIO, MODEM],
    pure: false,
    packages: [],
    node: [],
    sdk: [
      ...["bleserver", "bleclient", "btutils", "gatt", "crc", "embedded:io/serial"],
      ...["mc/config", "preference", "time", "timer"],
    ],
  },
  {
    folder: "hardware/machine",
    imports: [],
    pure: false,
    packages: ["serialport"],
    node: ["node:fs", "node:path", "node:util"],
  },
  pure("hardware/boards", [...ON_A_RADIO, MODEM]),
  pure("hardware/virtual/air", [CORE, "hardware/boards"]),
  {
    folder: "hardware/virtual",
    imports: [...PROTOCOL, MODEM, "hardware/boards", "hardware/virtual/air"],
    pure: false,
    packages: [],
    node: [],
  },

  {
    folder: "hardware/virtual/fronts",
    imports: [...ON_A_RADIO, "hardware/boards", "hardware/virtual/air", "hardware/virtual"],
    pure: false,
    packages: [],
    node: "any",
  },
  {
    folder: "hardware/images",
    imports: [CORE, "hardware/boards"],
    pure: false,
    packages: ["zod"],
    node: "any",
  },
  {
    folder: "hardware/flash",
    imports: [CORE, FRAME, "hardware/boards", "hardware/images", "hardware/machine"],
    pure: false,
    packages: ["esptool-js", "serialport"],
    node: "any",
  },

  pure("host/engine/ledger", [CORE, BYTES, MESSAGE]),
  pure("host/engine/stakes", [CORE, BYTES, MESSAGE, "host/engine/ledger"]),
  pure("host/engine/game", [CORE, BYTES]),
  pure("host/engine/games", [CORE, BYTES, "host/engine/game"]),
  pure("host/engine", [
    ...PROTOCOL,
    ...["host/engine/ledger", "host/engine/stakes", "host/engine/game", "host/engine/games"],
  ]),
  pure("host/mesh", PROTOCOL),
  pure("host/secure", PROTOCOL),
  {
    folder: "host/crypto",
    imports: PROTOCOL,
    pure: false,
    packages: ["@noble/curves", "@noble/ed25519"],
    node: ["node:crypto"],
  },
  {
    folder: "host/crypto/work",
    imports: [...PROTOCOL, "host/crypto", "host/engine"],
    pure: false,
    packages: ["hash-wasm", "@node-rs/argon2"],
    node: "any",
  },
  {
    folder: "host/storage",
    imports: PROTOCOL,
    pure: false,
    packages: ["node-sqlite3-wasm"],
    node: "any",
  },
  {
    folder: "host/logs",
    imports: [CORE],
    pure: false,
    packages: [],
    node: "any",
  },
  {
    folder: "host/config",
    imports: [CORE, "host/logs"],
    pure: false,
    packages: ["zod", "yaml"],
    node: ["node:fs", "node:fs/promises", "node:path", "node:os"],
  },
  {
    folder: "host/radio",
    imports: [...PROTOCOL, "hardware/machine", "hardware/boards", "hardware/virtual", "hardware/virtual/fronts"],
    pure: false,
    packages: ["serialport"],
    node: "any",
  },
  {
    folder: "hardware/bench",
    imports: [
      ...PROTOCOL,
      ...["hardware/boards", "hardware/virtual/air", "hardware/virtual", "hardware/virtual/fronts", "host/radio"],
    ],
    pure: false,
    packages: ["zod"],
    node: "any",
  },
  {
    folder: "host/node",
    imports: [
      ...[...PROTOCOL, "host/engine", "host/engine/game", "host/engine/games"],
      ...["host/engine/ledger", "host/engine/stakes"],
      ...["host/mesh", "host/secure", "host/crypto", "host/crypto/work", "host/storage", "host/radio"],
    ],
    pure: false,
    packages: [],
    node: "any",
  },
  {
    folder: "host/liars",
    imports: [...PROTOCOL, "host/engine", "host/mesh", "host/node"],
    pure: false,
    packages: [],
    node: [],
  },
  {
    folder: "host/service",
    imports: [CORE],
    pure: false,
    packages: [],
    node: ["node:child_process"],
  },
  {
    folder: "host/past",
    imports: [...PROTOCOL, "host/engine", "host/engine/games", "host/engine/ledger", "host/storage"],
    pure: false,
    packages: [],
    node: [],
  },
  {
    folder: "host/backup",
    imports: [CORE, BYTES, "host/crypto", "host/secure", "host/storage"],
    pure: false,
    packages: ["zod"],
    node: "any",
  },
  {
    folder: "hardware/system",
    imports: [CORE, "hardware/machine", "host/radio", "host/service"],
    pure: false,
    packages: [],
    node: "any",
  },
  {
    folder: "host/web/contract",
    imports: [CORE, "host/engine/games", "host/engine/game", "host/logs"],
    pure: false,
    packages: ["zod"],
    node: [],
  },
  {
    folder: "host/web/server",
    imports: [CORE, "host/logs", "host/mesh", "host/web/contract"],
    pure: false,
    packages: ["zod", "ws"],
    node: "any",
  },
  {
    folder: "host/web/view",
    imports: [
      ...[...PROTOCOL, "host/engine", "host/engine/game", "host/engine/games"],
      ...["host/engine/ledger", "host/engine/stakes", "host/mesh", "host/crypto", "host/node", "host/radio"],
      ...["host/logs", "host/web/contract", "host/web/server"],
    ],
    pure: false,
    packages: [],
    node: [],
  },
  {
    folder: "host/web/mqtt",
    imports: [CORE, "hardware/machine", "host/logs", "host/web/contract", "host/web/server"],
    pure: false,
    packages: ["mqtt", "zod"],
    node: "any",
  },
  {
    folder: "host/web/page",
    imports: [
      ...[...PROTOCOL, "host/engine", "host/engine/game", "host/engine/games"],
      ...["host/crypto", "host/node", "host/web/contract"],
    ],
    pure: false,
    packages: [],
    bundled: ["uqr", "@noble/hashes"],
    node: [],
  },
  {
    folder: "host/web/page/bundle",
    imports: [],
    pure: false,
    packages: [],
    bundled: ["tsup"],
    node: "any",
  },
  {
    folder: "host/cli/bundle",
    imports: [],
    pure: false,
    packages: [],
    bundled: ["tsup"],
    node: "any",
  },
  {
    folder: "host/cli",
    imports: [
      ...[...PROTOCOL, "host/engine", "host/engine/game", "host/engine/games"],
      ...[
        "host/config",
        "host/logs",
        "host/crypto",
        "host/crypto/work",
        "host/mesh",
        "host/secure",
        "host/storage",
        "host/past",
      ],
      ...[
        "host/engine/ledger",
        "host/engine/stakes",
        "host/backup",
        "host/service",
        "hardware/system",
        "host/node",
        "host/liars",
        "host/radio",
      ],
      ...["host/web/contract", "host/web/server", "host/web/view", "host/web/mqtt"],
      ...[
        "hardware/machine",
        "hardware/boards",
        "hardware/images",
        "hardware/flash",
        "hardware/virtual",
        "hardware/virtual/fronts",
      ],
      "hardware/bench",
    ],
    pure: false,
    packages: ["zod"],
    node: "any",
  },
];

/** Everything at the top of the repository is one of these, starts with a dot, or is ignored by git. */
export const TOP_LEVEL = [
  ...["protocol", "firmware-js", "hardware", "host", "test", "docs"],
  ...["package.json", "package-lock.json", "tsconfig.json", "biome.json", "vitest.config.ts", "README.md", "LICENSE"],
];

/** Where the program itself lives; `test` imports all of it, and nothing imports `test`. */
export const SOURCE_FOLDERS = ["protocol", "firmware-js", "hardware", "host"];

/** The row of a file, by the longest folder that holds it. */
export function layerOf(path: string): Layer | undefined {
  let best: Layer | undefined;
  for (const layer of LAYERS) {
    if (path.startsWith(`${layer.folder}/`) && layer.folder.length > (best?.folder.length ?? 0)) best = layer;
  }
  return best;
}
