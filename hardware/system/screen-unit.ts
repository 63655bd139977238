/** The kiosk's page on the machine's own screen: a browser and nothing else, in the session of whoever is logged in there. */
import { quoted, unitText } from "./marker.ts";
import { type Places, SCREEN_UNIT, USER_UNITS_FOLDER } from "./places.ts";

export const SCREEN_UNIT_PATH = `${USER_UNITS_FOLDER}/${SCREEN_UNIT}`;

/** No question, no bubble, no gesture that leaves the page; nothing of the browser's own is sent or kept. */
const SWITCHES: readonly string[] = Object.freeze([
  "--kiosk",
  "--noerrdialogs",
  "--no-first-run",
  "--no-default-browser-check",
  "--disable-session-crashed-bubble",
  "--disable-pinch",
  "--overscroll-history-navigation=0",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--disable-features=Translate",
  "--autoplay-policy=no-user-gesture-required",
  // In memory: a profile on the card is written all day.
  "--user-data-dir=%t/hardway-screen",
]);

export function screenUnit({ node, browser }: Places, pageUrl: string): string {
  const wait = `const look=()=>fetch('${pageUrl}').then(()=>process.exit(0),()=>setTimeout(look,500));look()`;
  return unitText([
    [
      "Unit",
      [
        "Description=The page of the Hardway kiosk on this screen",
        "PartOf=graphical-session.target",
        "After=graphical-session.target",
        "StartLimitIntervalSec=0",
      ],
    ],
    [
      "Service",
      [
        "# A browser that finds no page shows its own for ever.",
        `ExecStartPre=${quoted(node)} -e ${quoted(wait)}`,
        "TimeoutStartSec=infinity",
        `ExecStart=${quoted(browser)} ${SWITCHES.join(" ")} ${quoted(pageUrl)}`,
        "Restart=always",
        "RestartSec=3s",
      ],
    ],
    ["Install", ["WantedBy=graphical-session.target"]],
  ]);
}
