/** The overview of all kiosks of one address as it runs in a browser. */
import { operate } from "./operator/operate.ts";
import { overviewPage } from "./overview/overview-page.ts";

operate(overviewPage, undefined);
