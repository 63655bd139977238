/** Looks at every kiosk's figures once a second: how fast they rise, and what a person is to be told of. */
import { ALERT_RULES } from "./alert-rules.ts";
import { alerting, look } from "./alerting.ts";
import type { Figures } from "./figures.ts";
import { SAMPLE_EVERY_MS } from "./limits.ts";
import { countsOf, metricsOf, type WebFigures } from "./metrics.ts";
import { type Metric, metricsText } from "./prometheus-text.ts";
import { rates, sample } from "./rates.ts";
import type { Showing } from "./shown.ts";
import type { WebClock } from "./web-clock.ts";

export interface Watch {
  readonly text: (kiosk: number) => string;
  readonly loopLagS: () => number;
  readonly close: () => void;
}

export function watch(
  kiosks: readonly Showing[],
  web: () => Omit<WebFigures, "loopLagS">,
  onAlerts: () => void,
  clock: WebClock,
): Watch {
  const watched = kiosks.map((showing) => ({ showing, rates: rates(), alerting: alerting(ALERT_RULES) }));
  let lookedAt = clock.nowMs();
  let loopLagS = 0;

  const metrics = ({ showing: { port }, rates }: (typeof watched)[number], figures: Figures): readonly Metric[] =>
    metricsOf(port.view().view, figures, rates, { ...web(), loopLagS });

  const lookAtAll = (): void => {
    const at = clock.nowMs();
    loopLagS = Math.max(0, at - lookedAt - SAMPLE_EVERY_MS) / 1000;
    lookedAt = at;
    for (const each of watched) {
      const { showing } = each;
      const figures = showing.port.figures();
      sample(each.rates, at, countsOf(showing.port.view().view, figures));
      const alerts = look(each.alerting, { nowMs: at, wallMs: clock.wallMs() }, metrics(each, figures));
      if (JSON.stringify(alerts) !== JSON.stringify(showing.alerts)) {
        showing.alerts = alerts;
        onAlerts();
      }
    }
  };
  lookAtAll();
  const timer = setInterval(lookAtAll, SAMPLE_EVERY_MS);
  timer.unref();
  return {
    text(kiosk) {
      const each = watched[kiosk];
      return metricsText(metrics(each, each.showing.port.figures()));
    },
    loopLagS: () => loopLagS,
    close: () => clearInterval(timer),
  };
}
