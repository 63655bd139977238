/** Every page that is written by `npm run docs`. */

import { configurationPage } from "../host/config/configuration-page.ts";
import { commandsPage } from "./commands-page.ts";
import { protocolPage } from "./protocol-page.ts";

export interface Page {
  /** From the repository's root. */
  readonly path: string;
  readonly text: () => string;
}

export const pages: readonly Page[] = [
  { path: "docs/protocol.md", text: protocolPage },
  { path: "docs/commands.md", text: commandsPage },
  { path: "docs/configuration.md", text: configurationPage },
];
