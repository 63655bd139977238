/** The operator's page as it runs in a browser. */
import { kioskAsked, operate } from "./operator/operate.ts";
import { operatorPage } from "./operator/operator-page.ts";

operate(operatorPage, kioskAsked());
